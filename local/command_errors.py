"""How a command reports an error: one line on standard error and exit code 1, without a traceback."""

from __future__ import annotations

import contextlib
import errno
import shlex
from typing import TYPE_CHECKING, NoReturn

import typer

from errors import ConfigurationError
from local.serving import listen

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
def listening_errors(context: typer.Context, host: str, port: int) -> Iterator[None]:
    """Report an `OSError` raised in the block as a failure to listen, and exit.

    If the port is in use, the message ends with the same command on the next free one.
    """
    try:
        yield
    except OSError as error:
        advice = ""
        if error.errno == errno.EADDRINUSE:
            advice = f" Try another port: {command_again(context, port=_free_port(host, port))}"
        reason = str(error.strerror).partition(" (while ")[0]  # Python repeats the address there
        fail(f"Cannot listen on {host}:{port}: {reason}.{advice}")


def command_again(context: typer.Context, **changed: object) -> str:
    """The command that is running, with these values for its options, ready to be pasted into a shell."""
    given = {
        name: value
        for name, value in context.params.items()
        if (source := context.get_parameter_source(name)) and source.name == "COMMANDLINE"
    }
    words = ["uv", "run", "voice-agent", str(context.info_name)]
    for name, value in (given | changed).items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            words += [f"--{name.replace('_', '-')}", str(one)]
    return shlex.join(words)


def _free_port(host: str, taken: int) -> int:
    """The first free port after `taken`, or 0, which lets the system choose."""
    for port in range(taken + 1, min(taken + 100, MAX_PORT + 1)):
        with contextlib.suppress(OSError), listen(host, port):
            return port
    return 0
