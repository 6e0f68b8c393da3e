"""Many session ids: all unique, all valid."""

from __future__ import annotations

import time

from session_id import generate_session_id, validate_session_id
from tests.load.report import Report


def make_ids(count: int) -> Report:
    """Generate `count` ids and check them."""
    started = time.perf_counter()
    ids = {generate_session_id() for _ in range(count)}
    seconds = time.perf_counter() - started
    report = Report(
        {"ids generated": count, "distinct": len(ids), "microseconds each": f"{1e6 * seconds / count:.2f}"}
    )
    report.expect(len(ids) == count, "the same id was generated twice")
    rejected = sum(1 for session_id in ids if validate_session_id(session_id) != session_id)
    report.figures["rejected by validation"] = rejected
    report.expect(not rejected, "validation rejected a generated id")
    prefixes = {session_id[:22] for session_id in ids}
    report.figures["distinct in their first 22 characters"] = len(prefixes)
    report.expect(len(prefixes) == count, "two ids share their first half")
    return report
