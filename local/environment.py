"""Settings of a local run: the shell's variables, and `.dev.vars` beside wrangler.toml for the rest."""

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
    """The settings; a variable of the shell wins over the same one in `dev_vars`, which may be missing.

    Raises `ConfigurationError` that names every variable that is wrong, `ENVIRONMENT` too where it says
    `production`: that asks for a KV namespace, and a local run has none.
    """
    values = {**_read(dev_vars), **(os.environ if environ is None else environ)}
    settings = Settings.read(values.get)
    if settings.environment == "production":
        raise ConfigurationError(
            "ENVIRONMENT is production, but a local run keeps conversations in memory: unset ENVIRONMENT "
            "(in the shell or in .dev.vars)."
        )
    return settings


def _read(dev_vars: Path) -> dict[str, str | None]:
    """The variables of a file; raises `ConfigurationError` where it holds something else."""
    try:
        values = dotenv_values(dev_vars)
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{dev_vars} is no UTF-8: save it as UTF-8 (PowerShell's > does not)."
        ) from error
    if bare := [name for name, value in values.items() if value is None]:
        raise ConfigurationError(f"{dev_vars}: write NAME=value; {len(bare)} lines have no '='.")
    return values
