"""Plain JavaScript objects, which the runtime's functions take as options."""

from __future__ import annotations

from typing import Any

import js
from pyodide.ffi import to_js


def js_object(fields: dict[str, Any]) -> Any:
    """A JavaScript object with these fields; dictionaries and lists within them are converted too."""
    return to_js(fields, dict_converter=js.Object.fromEntries)
