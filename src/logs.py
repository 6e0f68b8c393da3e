"""Logs of the Worker: one JSON object a line, so that Workers Logs can filter by field."""

from __future__ import annotations

import json
import logging
import sys
import traceback

LOGGER = "voice_agent"


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: level, logger, message, and for errors where they came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. An exception's own text is left out: it may quote what a visitor said."""
        fields = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = record.exc_info[0].__name__
            fields["stack"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(fields, ensure_ascii=False)


def log_json(level: str) -> None:
    """Send the logs of this project from `level` on, and of everything else from WARNING on, to stdout."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(LOGGER).setLevel(level)
