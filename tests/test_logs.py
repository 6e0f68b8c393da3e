"""The Worker's logs: lines of JSON without the text of exceptions."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from logs import ConsoleHandler, JsonFormatter

PRIVATE = "my card number"


def format_record(level: int, message: str, *args: object, exception: bool = False) -> str:
    """Return the line for a record; `exception` adds the exception that is being handled."""
    record = logging.LogRecord(
        "voice_agent.test", level, __file__, 1, message, args, sys.exc_info() if exception else None
    )
    return JsonFormatter().format(record)


def fail() -> None:
    raise ValueError(PRIVATE)


def test_record_is_one_line_of_json() -> None:
    line = format_record(logging.INFO, "Session %s: %d\nmessages", "abc", 2)
    assert "\n" not in line
    fields: dict[str, Any] = json.loads(line)
    assert fields == {"level": "info", "logger": "voice_agent.test", "message": "Session abc: 2\nmessages"}


def test_exception_has_type_and_stack_but_no_text() -> None:
    try:
        fail()
    except ValueError:
        line = format_record(logging.ERROR, "Session %s: no answer", "abc", exception=True)
    assert PRIVATE not in line
    assert "\n" not in line
    fields = json.loads(line)
    assert (fields["level"], fields["exception"]) == ("error", "ValueError")
    assert "in fail" in fields["stack"]


def test_cause_of_exception_has_no_text() -> None:
    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError(PRIVATE) from error
    except RuntimeError:
        line = format_record(logging.ERROR, "Background work failed", exception=True)
    assert PRIVATE not in line


class RecordingConsole:
    """A console that records the method and the line of each call."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def log(self, line: str) -> None:
        self.lines.append(("log", line))

    def warn(self, line: str) -> None:
        self.lines.append(("warn", line))

    def error(self, line: str) -> None:
        self.lines.append(("error", line))


def test_level_selects_the_console_method() -> None:
    console = RecordingConsole()
    handler = ConsoleHandler(console)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
        name = logging.getLevelName(level)
        handler.handle(logging.LogRecord("voice_agent.test", level, __file__, 1, "%s!", (name,), None))
    assert console.lines == [
        ("log", "DEBUG!"),
        ("log", "INFO!"),
        ("warn", "WARNING!"),
        ("error", "ERROR!"),
        ("error", "CRITICAL!"),
    ]
