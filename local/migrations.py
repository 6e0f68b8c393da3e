"""The migrations of the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.environment import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MIGRATIONS = ROOT / "migrations"


def read_migrations(folder: Path = MIGRATIONS) -> dict[str, str]:
    """Return the SQL of each file in `folder` by the file's name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}
