"""The command `voice-agent knowledge push`: puts large knowledge into the database."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer resolves annotations at run time
from typing import Annotated

import typer

from local.bundle_knowledge import KNOWLEDGE, KnowledgeFolderError, read_folder
from local.command_errors import configuration_errors, fail
from local.data_file import open_database
from local.knowledge_plan import Plan, Target, push
from local.knowledge_targets import DatabaseTarget, WranglerError, WranglerTarget

knowledge = typer.Typer(no_args_is_help=True, help="Put large knowledge into the database.")


@knowledge.callback()
def _group() -> None:
    """Put large knowledge into the database."""


@knowledge.command("push")
def push_command(
    folder: Annotated[
        Path,
        typer.Option(
            "--knowledge",
            help="Folder of Markdown files.",
            exists=True,
            file_okay=False,
            show_default="knowledge/",
        ),
    ] = KNOWLEDGE,
    env: Annotated[
        str | None, typer.Option(help="Environment in wrangler.toml; for --remote, production by default.")
    ] = None,
    *,
    remote: Annotated[bool, typer.Option("--remote", help="The database of the deployed Worker.")] = False,
    local: Annotated[bool, typer.Option("--local", help="That of `pywrangler dev`.")] = False,
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="That of `voice-agent dev --data FILE`.")
    ] = None,
) -> None:
    """Put the knowledge into a database, for agents whose knowledge is more than KNOWLEDGE_TOKENS.

    Only what is new or has changed is written. Visitors are answered from what was there before until all of
    it has been written; an interrupted push is continued by the next one.
    """
    if sum((remote, local, data is not None)) != 1:
        fail("Say where to: --remote, --local or --data FILE.")
    try:
        with configuration_errors():
            documents = read_folder(folder).documents
            typer.echo(_report(push(documents, _target(data, env, remote=remote))))
    except (KnowledgeFolderError, WranglerError) as error:
        fail(str(error))


def _target(data: Path | None, env: str | None, *, remote: bool) -> Target:
    if data:
        return DatabaseTarget(open_database(data))
    if remote:
        return WranglerTarget("--remote", "--env", env or "production")
    return WranglerTarget("--local", *(("--env", env) if env else ()))


def _report(done: Plan) -> str:
    if not done.statements:
        return f"Nothing has changed: {done.kept} passages."
    return f"{done.added} passages added, {done.removed} removed, {done.kept} unchanged."
