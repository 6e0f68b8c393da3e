"""The Worker's logs: one JSON object per line, so that Workers Logs can filter by field."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Protocol

LOGGER = "voice_agent"

# Built once: json.dumps() with options makes a new encoder for every call.
_encode = json.JSONEncoder(ensure_ascii=False).encode


class JsonFormatter(logging.Formatter):
    """Formats a record as a line of JSON: level, logger, message and, for errors, exception and stack."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. The exception's own text is left out, because it may quote what a visitor said."""
        fields = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = record.exc_info[0].__name__
            fields["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return _encode(fields)


class Console(Protocol):
    """JavaScript's `console`. Workers Logs and `wrangler tail` take a line's level from the method called."""

    def log(self, line: str, /) -> object: ...

    def warn(self, line: str, /) -> object: ...

    def error(self, line: str, /) -> object: ...


class ConsoleHandler(logging.Handler):
    """Writes each record to a console with a single call; writing to standard output would take several."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        # Looked up once, because each lookup on a JavaScript object makes a new proxy.
        self._log, self._warn, self._error = console.log, console.warn, console.error

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
            if record.levelno >= logging.ERROR:
                self._error(line)
            elif record.levelno >= logging.WARNING:
                self._warn(line)
            else:
                self._log(line)
        except Exception:  # noqa: BLE001 - a request must not fail because it cannot be logged
            self.handleError(record)


def log_json(level: str, console: Console) -> None:
    """Send this project's logs from `level` up, and everyone else's from WARNING up, to `console`."""
    handler = ConsoleHandler(console)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(LOGGER).setLevel(level)
