"""The Worker's logs: lines of JSON that never quote what an exception says."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from logs import ConsoleHandler, JsonFormatter

SAID = "my card number"


def line_of(level: int, message: str, *args: object, exception: bool = False) -> str:
    """The line for one record, made while an exception is handled where `exception` says so."""
    record = logging.LogRecord(
        "voice_agent.test", level, __file__, 1, message, args, sys.exc_info() if exception else None
    )
    return JsonFormatter().format(record)


def failing_with(text: str) -> str:
    try:
        raise ValueError(text)  # noqa: TRY301 - it is to be caught here
    except ValueError:
        return line_of(logging.ERROR, "Session %s: no answer", "abc", exception=True)


def test_a_record_is_one_line_of_json() -> None:
    line = line_of(logging.INFO, "Session %s: %d\nmessages", "abc", 2)
    assert "\n" not in line
    fields: dict[str, Any] = json.loads(line)
    assert fields == {"level": "info", "logger": "voice_agent.test", "message": "Session abc: 2\nmessages"}


def test_an_exceptions_own_text_is_left_out_and_where_it_came_from_is_not() -> None:
    line = failing_with(SAID)
    assert SAID not in line
    assert "\n" not in line
    fields = json.loads(line)
    assert (fields["level"], fields["exception"]) == ("error", "ValueError")
    assert "in failing_with" in fields["stack"]


def test_the_text_of_what_caused_it_is_left_out_too() -> None:
    try:
        try:
            int(SAID)
        except ValueError as error:
            raise RuntimeError(SAID) from error
    except RuntimeError:
        line = line_of(logging.ERROR, "Background work failed", exception=True)
    assert SAID not in line


class WrittenTo:
    """A console that keeps what is written to it: the method and the line."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def log(self, line: str) -> None:
        self.lines.append(("log", line))

    def warn(self, line: str) -> None:
        self.lines.append(("warn", line))

    def error(self, line: str) -> None:
        self.lines.append(("error", line))


def test_the_console_is_told_how_grave_a_line_is() -> None:
    console = WrittenTo()
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
