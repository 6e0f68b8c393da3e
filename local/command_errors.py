"""How a command reports an error: one line on standard error and exit code 1, without a traceback."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING, NoReturn

import typer

from errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PORT = 65_535


def fail(message: str) -> NoReturn:
    """Print `message` in red on standard error and exit with code 1."""
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


@contextlib.contextmanager
def configuration_errors() -> Iterator[None]:
    """Report a `ConfigurationError` raised in the block, and exit."""
    try:
        yield
    except ConfigurationError as error:
        fail(error.message)


@contextlib.contextmanager
def listening_errors(command: str, host: str, port: int) -> Iterator[None]:
    """Report an `OSError` raised in the block as a failure to listen, and exit.

    If the port is in use, the message suggests how to run `command` on another one.
    """
    try:
        yield
    except OSError as error:
        other = port + 1 if port < MAX_PORT else 0
        in_use = error.errno == errno.EADDRINUSE
        advice = f" Try another port: voice-agent {command} --port {other}" if in_use else ""
        fail(f"Cannot listen on {host}:{port}: {error.strerror}.{advice}")
