"""The time at the website, from the runtime's own database of time zones.

Python's would have to be uploaded with the Worker (docs/decisions/0072).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import js
from pyodide.ffi import JsException

from edge.js_object import js_object

if TYPE_CHECKING:
    from local_time import LocalTime

# Clocks are changed at a quarter of an hour, so the offset is looked up once in each.
_QUARTER = 900
_OFFSET = re.compile(r"GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$")


def intl_time_zone(name: str) -> LocalTime:
    """The time zone of this name. Raises `ValueError` if the runtime knows none."""
    options = js_object({"timeZone": name, "timeZoneName": "longOffset"})
    try:
        format_date = js.Intl.DateTimeFormat.new("en-US", options).format
    except JsException as error:
        raise ValueError(name) from error
    offsets: dict[int, timezone] = {}

    def local_time(at: datetime) -> datetime:
        quarter = int(at.timestamp()) // _QUARTER
        if quarter not in offsets:
            offsets.clear()
            offsets[quarter] = _offset(format_date(quarter * _QUARTER * 1000))
        return at.astimezone(offsets[quarter])

    return local_time


def _offset(formatted: str) -> timezone:
    """The offset in a date such as '11/29/2026, GMT+01:00'; 'GMT' alone is UTC."""
    found = _OFFSET.search(formatted)
    if found is None or found[1] is None:
        return timezone(timedelta(0))
    hours, minutes, seconds = (int(found[group] or 0) for group in (2, 3, 4))
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-offset if found[1] == "-" else offset)
