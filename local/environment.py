"""The settings of a local run: the shell's variables, then those in `.dev.vars` in the project folder."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from errors import ConfigurationError
from setting_names import BINDINGS, did_you_mean, misspelt_names
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

# Names that other programs read from the shell: gettext, and Python programs that log.
OTHER_PROGRAMS = ("LANGUAGE", "LOGLEVEL")

SETTINGS = frozenset(map(str.upper, Settings.model_fields))
_WITH_COLON = re.compile(r"^\s*(\w+)\s*:", re.MULTILINE)

logger = logging.getLogger("voice_agent.settings")

ROOT = Path(__file__).resolve().parent.parent


def local_settings(environ: Mapping[str, str] | None = None, dev_vars: Path = ROOT / ".dev.vars") -> Settings:
    """Read the settings from `environ` (the shell's, if None), then from the file `dev_vars`, if it exists.

    Raises `ConfigurationError`, which names every invalid variable, and every name in `dev_vars` that looks
    like a misspelt setting. In the shell, where it may belong to another program, such a name is only logged.
    ENVIRONMENT=production is invalid here: it requires a KV namespace, and a local run has none.
    """
    shell = os.environ if environ is None else environ
    values = {**_read(dev_vars), **shell}
    _check_names(values, dev_vars)
    settings = Settings.read(values.get)
    if settings.environment == "production":
        raise ConfigurationError(
            "ENVIRONMENT is production, but a local run keeps conversations in memory: unset ENVIRONMENT "
            "in the shell or in .dev.vars."
        )
    return settings


def _check_names(values: Mapping[str, str | None], dev_vars: Path) -> None:
    misspelt = misspelt_names((name for name, value in values.items() if value), BINDINGS)
    in_file = {name: guess for name, guess in misspelt.items() if name in _read(dev_vars)}
    if in_file:
        raise ConfigurationError(f"{dev_vars}: {' '.join(did_you_mean(in_file))}")
    for name in OTHER_PROGRAMS:
        misspelt.pop(name, None)
    for sentence in did_you_mean(misspelt):
        logger.warning(sentence)


def _read(dev_vars: Path) -> dict[str, str | None]:
    try:
        # A key may contain a dollar sign, which wrangler does not replace either.
        values = dotenv_values(dev_vars, interpolate=False)
        text = dev_vars.read_text("utf-8-sig") if dev_vars.is_file() else ""
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{dev_vars} is not UTF-8 text. Save it as UTF-8; in PowerShell, > writes UTF-16."
        ) from error
    # python-dotenv only logs a line such as 'NAME: value'.
    with_colon = [name for name in _WITH_COLON.findall(text) if name in SETTINGS]
    if with_colon or None in values.values():
        raise ConfigurationError(f"{dev_vars} has lines without '='. Write NAME=value.")
    return values
