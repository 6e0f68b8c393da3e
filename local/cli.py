"""The command line: `uv run voice-agent …`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE
from local.check import check
from local.chromium import NoChromium
from local.command_errors import MAX_PORT, configuration_errors, fail, listening_errors
from local.environment import local_settings
from local.identity_token import identity_token
from local.knowledge_command import knowledge as knowledge_commands
from local.known_hosts import KnownHosts, is_loopback
from local.learn import learn
from local.screenshots import screenshots
from local.server import local_app, local_knowledge, local_services, serve
from local.serving import url_of
from local.settings_table import settings_table
from local.standin import Behaviour, run_standin
from local.terminal import chat_in_terminal, terminal_source
from logs import LOGGER
from settings import VERSION

if TYPE_CHECKING:
    from local.bundle_knowledge import KnowledgeFolder
    from services import Services

# What shells report for a program ended by Ctrl-C: 128 plus the number of SIGINT.
INTERRUPTED = 130

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

Port = Annotated[int, typer.Option(min=0, max=MAX_PORT, help="Port to listen on; 0 for any free port.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Another host name that requests may be for; may be repeated."),
]
Knowledge = Annotated[
    Path,
    typer.Option(
        help="Folder of Markdown files to answer from.",
        exists=True,
        file_okay=False,
        show_default="knowledge/",
    ),
]

Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Keep conversations in this SQLite database, which is created if it is missing."
    ),
]


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"voice-agent {VERSION}")
        raise typer.Exit


@cli.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """A voice agent for your website.

    Try it in the browser with `voice-agent dev` or in the terminal with `voice-agent chat`. To put it on
    Cloudflare, see Deploy in README.md.
    """
    del version  # its callback has printed it


@cli.command()
def dev(
    context: typer.Context,
    port: Port = 8787,
    host: Host = "127.0.0.1",
    knowledge: Knowledge = KNOWLEDGE,
    allow_host: AllowHost = None,
    *,
    data: Data = None,
) -> None:
    """Serve the agent, the widget and the demo page on this machine.

    Conversations are kept in memory, or with `--data` in a file. Settings come from the environment or from
    `.dev.vars`. Without `OPENAI_API_KEY`, an offline demo answers from the knowledge.
    """
    background = BackgroundTasks()
    services, read = _services(background, knowledge, data=data)
    if not is_loopback(host):
        _warn_of_open_key(services)

    def ready(taken: int) -> None:
        _say_what_was_read(read)
        _say_who_answers(services)
        if data:
            typer.echo(f"Conversations are kept in {data}.")
        typer.echo(f"Ready on {url_of(host, taken)}")

    with listening_errors(context, host, port):
        app = KnownHosts(local_app(services, background), host, allow_host or ())
        serve(app, host=host, port=port, ready=ready)


@cli.command()
def chat(
    knowledge: Knowledge = KNOWLEDGE,
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log.")] = False,
) -> None:
    """Talk to the agent in the terminal: the same agent, without a browser.

    The conversation is deleted at the end. Ctrl-C ends it immediately, with exit code 130.
    """
    services, read = _services(BackgroundTasks(), knowledge, log_level=None if verbose else "ERROR")
    _say_what_was_read(read)
    _say_who_answers(services)
    try:
        asyncio.run(chat_in_terminal(services, terminal_source()))
    except KeyboardInterrupt:
        typer.echo()
        raise typer.Exit(INTERRUPTED) from None


cli.command()(learn)
cli.command()(check)
cli.command("identity-token")(identity_token)
cli.add_typer(knowledge_commands, name="knowledge")


@cli.command("openai-standin")
def openai_standin(
    context: typer.Context,
    port: Port = 8788,
    host: Host = "127.0.0.1",
    first_delay: Annotated[float, typer.Option(min=0, help="Seconds before the first token.")] = 0,
    token_delay: Annotated[float, typer.Option(min=0, help="Seconds between tokens.")] = 0,
) -> None:
    """Run a local server that speaks OpenAI's protocol, to try the agent without a key.

    It answers from the knowledge in the prompts it receives, and records every request.
    `docs/openai-standin.md` explains how to use it and how to make it fail.
    """
    behaviour = Behaviour(times=None, first_delay=first_delay, piece_delay=token_delay)
    with listening_errors(context, host, port):
        run_standin(host, port, behaviour=behaviour)


@cli.command("screenshots")
def take_screenshots(
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder to write to.")] = Path("screenshots"),
    only: Annotated[
        str, typer.Option(help="Only pictures whose name contains this: 'listening', '-dark-ar'.")
    ] = "",
) -> None:
    """Take a screenshot of every state of the widget.

    Each on a desktop and a phone, light and dark, in each language.

    Requires Chromium.
    """
    logging.disable()  # some of the states are errors
    try:
        screenshots(out, only, typer.echo)
    except NoChromium as error:
        fail(str(error))


@cli.command()
def settings() -> None:
    """Print all settings and their defaults as a Markdown table."""
    typer.echo(settings_table())


def _services(
    background: BackgroundTasks, folder: Path, *, log_level: str | None = None, data: Path | None = None
) -> tuple[Services, KnowledgeFolder]:
    """The services of a local run, and the knowledge that was read for them.

    Conversations are kept in the file `data`, or in memory. Logs from `log_level` (or else LOG_LEVEL) up go
    to standard error.
    """
    with configuration_errors():
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr, force=True)
        values = local_settings()
        logging.getLogger(LOGGER).setLevel(log_level or values.log_level)
        knowledge = local_knowledge(folder)
        return local_services(values, background, knowledge, data=data), knowledge


def _warn_of_open_key(services: Services) -> None:
    if services.settings.openai_api_key and services.rate_limiter.name == "off":
        typer.secho(
            "Warning: everybody who can reach this machine can spend your key, as often as they like. "
            "Set RATE_LIMIT, for example RATE_LIMIT=20/60, or leave out --host.",
            fg=typer.colors.YELLOW,
            err=True,
        )


def _say_what_was_read(knowledge: KnowledgeFolder) -> None:
    typer.echo(f"Read {knowledge.summary()}.")
    if omissions := knowledge.omissions():
        typer.secho(omissions, fg=typer.colors.YELLOW)


def _say_who_answers(services: Services) -> None:
    if services.responder.name == "offline":
        typer.echo(
            "The offline demo answers. For a real model, set OPENAI_API_KEY, for example in .dev.vars."
        )
    else:
        settings = services.settings
        typer.echo(f"{settings.openai_model} at {settings.openai_base_url} answers.")


def main() -> None:
    """Run the command line; the entry point of the package."""
    cli()
