"""The settings as a Markdown table, written from the code that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from settings import Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def settings_table() -> str:
    """A row for each setting: its variable, its default and what it is for."""
    rows = (
        f"| `{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    )
    return "\n".join(("| Variable | Default | What it is for |", "|-|-|-|", *rows))


def _default(field: FieldInfo) -> str:
    default = field.default
    if not default and default != 0:
        return "none"
    if isinstance(default, tuple):
        return (" \\| " if "vertical bars" in (field.description or "") else ", ").join(default)
    return f"{default:g}" if isinstance(default, float) else str(default)
