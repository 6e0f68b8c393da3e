"""The command line: `uv run voice-agent …`."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from errors import ConfigurationError
from local.background import BackgroundTasks
from local.environment import local_settings
from local.openai_standin import run
from local.server import KNOWLEDGE, local_app, local_services, serve
from local.settings_table import settings_table
from local.standin.faults import Behaviour
from local.terminal import chat_in_terminal, terminal_source
from logs import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable

    from settings import Settings

T = TypeVar("T")

LAST_PORT = 65_535
# What shells report for a program that Ctrl-C ended: 128 and the number of SIGINT.
INTERRUPTED = 130

cli = typer.Typer(
    help="A voice agent for your website. Try it with `voice-agent dev`, or in the terminal with "
    "`voice-agent chat`; put it on the edge with `pywrangler deploy`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Port = Annotated[int, typer.Option(min=0, max=LAST_PORT, help="The port to listen on; 0 takes a free one.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Knowledge = Annotated[
    Path,
    typer.Option(help="The folder of Markdown files that the agent knows.", exists=True, file_okay=False),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens.")]


@cli.command()
def dev(port: Port = 8787, host: Host = "127.0.0.1", knowledge: Knowledge = KNOWLEDGE) -> None:
    """Serve the agent, the widget and the demo page, with sessions in memory.

    Settings come from the environment or from `.dev.vars`. Without OPENAI_API_KEY an offline demo answers
    from the knowledge.
    """
    background = BackgroundTasks()
    values = _or_exit(local_settings)
    _log(values.log_level)
    agent = _or_exit(lambda: local_services(values, background, knowledge))
    name = "localhost" if host == "127.0.0.1" else host

    def ready(taken: int) -> None:
        typer.echo(_responder_line(agent.responder.name, values))
        typer.echo(f"Ready on http://{name}:{taken}")

    try:
        serve(local_app(agent, background), host=host, port=port, ready=ready)
    except OSError as error:
        _cannot_listen(host, port, error, "dev")


@cli.command()
def chat(knowledge: Knowledge = KNOWLEDGE, *, verbose: Verbose = False) -> None:
    """Talk to the agent in the terminal: the same agent, without a browser.

    Ctrl-C ends it at once, with exit code 130, and the conversation is deleted then too.
    """
    values = _or_exit(local_settings)
    _log(values.log_level if verbose else "ERROR")
    background = BackgroundTasks()
    agent = _or_exit(lambda: local_services(values, background, knowledge))
    typer.echo(_responder_line(agent.responder.name, values))
    try:
        asyncio.run(chat_in_terminal(agent, background, terminal_source()))
    except KeyboardInterrupt:
        typer.echo()
        raise typer.Exit(INTERRUPTED) from None


@cli.command("openai-standin")
def openai_standin(
    port: Port = 8788,
    host: Host = "127.0.0.1",
    first_delay: Annotated[float, typer.Option(min=0, help="Seconds until the first token.")] = 0,
    token_delay: Annotated[float, typer.Option(min=0, help="Seconds between two tokens.")] = 0,
) -> None:
    """Run a local server that speaks OpenAI's protocol, to try the agent without a key.

    It answers from what it is sent and records it. docs/openai-standin.md says how to make it fail.
    """
    behaviour = Behaviour(times=None, first_delay=first_delay, piece_delay=token_delay)
    try:
        run(host, port, behaviour=behaviour)
    except OSError as error:
        _cannot_listen(host, port, error, "openai-standin")


@cli.command("screenshots")
def take_screenshots(
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write them to.")] = Path(
        "screenshots"
    ),
) -> None:
    """Write a picture of each state of the widget and the demo page. Needs Chromium."""
    from local.chromium import NoChromium  # noqa: PLC0415 - what only this command needs is slow to import
    from local.screenshots import screenshots  # noqa: PLC0415

    logging.disable()  # some of the pictures are of errors
    try:
        screenshots(out, typer.echo)
    except NoChromium as error:
        _fail(str(error))


@cli.command()
def settings() -> None:
    """Print all settings, with their defaults, as a Markdown table."""
    typer.echo(settings_table())


def _cannot_listen(host: str, port: int, error: OSError, command: str) -> NoReturn:
    """Say why; another port helps only where this one is taken."""
    taken = error.errno == errno.EADDRINUSE
    other = port + 1 if port < LAST_PORT else 0
    advice = f" Try another port: voice-agent {command} --port {other}" if taken else ""
    _fail(f"Cannot listen on {host}:{port}: {error.strerror}.{advice}")


def _or_exit(build: Callable[[], T]) -> T:
    try:
        return build()
    except ConfigurationError as error:
        _fail(error.message)


def _fail(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def _log(level: str) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr, force=True)
    logging.getLogger(LOGGER).setLevel(level)


def _responder_line(responder: str, values: Settings) -> str:
    if responder == "offline":
        return (
            "Offline demo: answers come from knowledge/. Set OPENAI_API_KEY (in .dev.vars) for a real model."
        )
    return f"Answers come from {values.openai_model} at {values.openai_base_url}."


def main() -> None:
    """Run the command line."""
    cli()
