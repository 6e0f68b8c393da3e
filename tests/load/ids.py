"""Many session ids: none twice, all taken."""

from __future__ import annotations

import time

from session_id import generate_session_id, validate_session_id
from tests.load.report import Report


def make_ids(count: int) -> Report:
    """Make `count` ids."""
    started = time.perf_counter()
    ids = {generate_session_id() for _ in range(count)}
    seconds = time.perf_counter() - started
    report = Report(
        {"ids made": count, "different": len(ids), "microseconds each": f"{1e6 * seconds / count:.2f}"}
    )
    report.expect(len(ids) == count, "an id came twice")
    refused = sum(1 for session_id in ids if validate_session_id(session_id) != session_id)
    report.figures["refused by validation"] = refused
    fourth = {session_id[:22] for session_id in ids}
    report.figures["different in their first 22 characters"] = len(fourth)
    report.expect(len(fourth) == count, "the first half of an id came twice")
    return report
