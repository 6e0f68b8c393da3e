"""The command `learn`."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from clock import SystemClock
from local.bundle_knowledge import KNOWLEDGE, ROOT
from local.command_errors import fail
from local.dependency_group import run_with_group

if TYPE_CHECKING:
    from local.learn.page import Harvest
    from local.learn.run import Run
    from local.learn.sources import Source

# Comes with no other group.
_MARKER = "markdownify"
_FETCHING = "Fetching what reads web pages and documents (6 MB, only once) …"
# What shells report for a program ended by Ctrl-C: 128 plus the number of SIGINT.
_INTERRUPTED = 130
# How often progress is reported where a line cannot be rewritten, in pages.
_PROGRESS_STEP = 50


def learn(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="A website (https://www.example.com), a single page (https://www.example.com/prices), "
            "a file, or a folder of files.",
        ),
    ],
    *,
    include: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="Of a website, only these pages, for example '/services/*'; may be repeated."
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="Of a website, not these pages, for example '/blog/*'; may be repeated."
        ),
    ] = None,
    max_pages: Annotated[int, typer.Option(min=1, help="Visit at most this many pages of a website.")] = 1000,
    delay: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="Seconds between requests. By default, four pages are read at a time, each followed by a "
            "pause as long as the server took to answer. A longer pause that robots.txt asks for is kept.",
            show_default=False,
        ),
    ] = None,
    knowledge: Annotated[
        Path, typer.Option(file_okay=False, help="The folder to write to.", show_default="knowledge/")
    ] = KNOWLEDGE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    all_names: Annotated[bool, typer.Option("--all", help="Name every page and file in the report.")] = False,
) -> None:
    """Build the agent's knowledge from your website and your documents.

    Reads the pages of a website that its sitemap lists, or else those that links lead to, and files in HTML,
    PDF, Word (.docx), CSV, text and Markdown. Shows what is new, changed and gone since the last time, and
    writes it to `knowledge/` after you have said yes: one Markdown file per page.

    Only what has changed is fetched again. An interrupted run continues where it was. robots.txt is honoured.
    """
    run_with_group("learn", _MARKER, ["voice-agent", *sys.argv[1:]], notice=_FETCHING)
    from local.learn.run import Options, Run  # noqa: PLC0415 - needs the group

    options = Options(tuple(include or ()), tuple(exclude or ()), max_pages, delay)
    progress = _Progress()
    named = _parse(sources)
    run = Run(knowledge, _journal_of(knowledge), options, SystemClock(), progress)
    if run.resumed:
        typer.echo(f"Continuing an interrupted run: {run.resumed} pages have been read already.")
    harvests = _read(run, named, progress)
    _report(harvests, run, all_names=all_names)
    _write(run, yes=yes)
    if not all(harvest.pages or harvest.unchanged for harvest in harvests.values()):
        raise typer.Exit(1)


def _journal_of(folder: Path) -> Path:
    """Where what was read for `folder` waits until it may be written there."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return ROOT / ".cache" / "learn" / f"{name}.jsonl"


def _parse(sources: list[str]) -> list[Source]:
    from local.learn.sources import NotASource, parse_source  # noqa: PLC0415 - needs the group

    try:
        return [parse_source(text) for text in sources]
    except NotASource as error:
        fail(str(error))


def _read(run: Run, sources: list[Source], progress: _Progress) -> dict[str, Harvest]:
    try:
        return asyncio.run(run.read(sources))
    except KeyboardInterrupt:
        progress.end()
        typer.echo("Interrupted; nothing was written. The same command continues from here.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    finally:
        progress.end()


def _report(harvests: dict[str, Harvest], run: Run, *, all_names: bool) -> None:
    from local.learn.report import report  # noqa: PLC0415 - needs the group

    typer.echo(report(harvests, run.plan, all_names=all_names))


def _write(run: Run, *, yes: bool) -> None:
    """Write what is planned, if the owner wants it."""
    if not run.plan.changes:
        typer.echo("There is nothing to write.")
    elif not yes and not _can_ask():
        fail("Nothing was written, because there is nobody to ask. To write without being asked, add --yes.")
    elif not yes and not typer.confirm(f"Write this to {run.plan.folder}?"):
        typer.echo("Nothing was written.")
        return
    try:
        run.write()
    except OSError as error:
        fail(f"{error.filename} cannot be written: {error.strerror}.")
    if run.plan.changes:
        typer.echo("Written. Try it: uv run voice-agent dev")


def _can_ask() -> bool:
    return sys.stdin.isatty()


class _Progress:
    """Counts pages on one line of a terminal, or else on a line for every fifty."""

    def __init__(self) -> None:
        self._on_line = False

    def __call__(self, visited: int, found: int) -> None:
        """Show that `visited` of `found` pages have been visited."""
        if sys.stderr.isatty():
            typer.echo(f"\r{visited} of {found} pages", nl=False, err=True)
            self._on_line = True
        elif visited % _PROGRESS_STEP == 0:
            typer.echo(f"{visited} of {found} pages", err=True)

    def end(self) -> None:
        """Begin a new line, if the last one is not finished."""
        if self._on_line:
            typer.echo(err=True)
            self._on_line = False
