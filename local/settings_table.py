"""The settings as a Markdown table, generated from the class that defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BeforeValidator

from setting_types import Split
from settings import Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def settings_table() -> str:
    """The table: one row per setting, with its variable, its default and its description."""
    rows = (
        f"| `{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    )
    return "\n".join(("| Variable | Default | Description |", "|-|-|-|", *rows))


def _default(field: FieldInfo) -> str:
    default = field.default
    if default in (None, ()):
        return "none"
    if isinstance(default, tuple):
        return f"{_separator(field)} ".join(default).replace("|", "\\|")
    return f"{default:g}" if isinstance(default, float) else str(default)


def _separator(field: FieldInfo) -> str:
    """The separator of a list, with a space before it where that is how people write it."""
    splits = (item.func for item in field.metadata if isinstance(item, BeforeValidator))
    separator = next(split.separator for split in splits if isinstance(split, Split))
    return f" {separator}" if separator == "|" else separator
