"""The settings of a local run: the shell's variables, then those in `.dev.vars` in the project folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from errors import ConfigurationError
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


def local_settings(environ: Mapping[str, str] | None = None, dev_vars: Path = ROOT / ".dev.vars") -> Settings:
    """Read the settings from `environ` (the shell's, if None), then from the file `dev_vars`, if it exists.

    Raises `ConfigurationError`, which names every invalid variable. ENVIRONMENT=production is invalid
    here: it requires a KV namespace, and a local run has none.
    """
    values = {**_read(dev_vars), **(os.environ if environ is None else environ)}
    settings = Settings.read(values.get)
    if settings.environment == "production":
        raise ConfigurationError(
            "ENVIRONMENT is production, but a local run keeps conversations in memory: unset ENVIRONMENT "
            "in the shell or in .dev.vars."
        )
    return settings


def _read(dev_vars: Path) -> dict[str, str | None]:
    try:
        values = dotenv_values(dev_vars)
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{dev_vars} is not UTF-8 text. Save it as UTF-8; in PowerShell, > writes UTF-16."
        ) from error
    if malformed := [name for name, value in values.items() if value is None]:
        raise ConfigurationError(f"{dev_vars} has {len(malformed)} lines without '='. Write NAME=value.")
    return values
