"""Logs of the Worker: one JSON object a line, so that Workers Logs can filter by field."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Protocol

LOGGER = "voice_agent"
# `json.dumps` would make an encoder for each line.
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: level, logger, message, and for errors where they came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. An exception's own text is left out: it may quote what a visitor said."""
        fields = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = record.exc_info[0].__name__
            fields["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return _AS_JSON(fields)


class Console(Protocol):
    """JavaScript's console; `wrangler tail` and Workers Logs show the level of what is written to it."""

    def log(self, line: str, /) -> object:
        """Write a line that says what goes on."""
        ...

    def warn(self, line: str, /) -> object:
        """Write a line that somebody should look at some time."""
        ...

    def error(self, line: str, /) -> object:
        """Write a line that somebody should look at now."""
        ...


class ConsoleHandler(logging.Handler):
    """Writes each record to a console, in one call: standard output takes several to get there."""

    def __init__(self, console: Console) -> None:
        """Write to `console`."""
        super().__init__()
        self._log, self._warn, self._error = console.log, console.warn, console.error

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            line = self.format(record)
            if record.levelno >= logging.ERROR:
                self._error(line)
            elif record.levelno >= logging.WARNING:
                self._warn(line)
            else:
                self._log(line)
        except Exception:  # noqa: BLE001 - as all handlers: no request fails since it cannot be logged
            self.handleError(record)


def log_json(level: str, console: Console) -> None:
    """Send the logs of this project from `level` on, and of all else from WARNING on, to `console`.

    Threads, processes and callers, which no line names, are not looked for (Python's Logging HOWTO,
    'Optimization').
    """
    logging._srcfile = None  # noqa: SLF001 - the HOWTO's own way
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = ConsoleHandler(console)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(LOGGER).setLevel(level)
