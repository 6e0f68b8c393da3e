"""Every fault of docs/faults.md and its outcome."""

from __future__ import annotations

import asyncio

from local.standin import running_standin
from tests.faults.table import rows
from tests.faults.walk import outcome_of
from tests.load.report import Report


def faults() -> Report:
    """Reproduce every fault, as JSON and as a stream, and compare the outcome with the page."""
    report = Report()
    table = rows()
    with running_standin() as standin, asyncio.Runner() as runner:
        for fault, row in table.items():
            for streamed in (False, True):
                seen = runner.run(outcome_of(standin, fault, streamed=streamed))
                name = f"{fault} ({'stream' if streamed else 'json'})"
                report.figures[name] = " | ".join(seen)
                promised = (row.stream if streamed else row.answer, row.conversation)
                report.expect(seen == promised, f"{name}: the page says {' | '.join(promised)}")
    report.figures["rows"] = len(table)
    return report
