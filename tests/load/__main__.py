"""`python -m tests.load COMMAND`: prints figures, and exits with 1 if there were problems."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tests.load.concurrency import concurrency as run_concurrency
from tests.load.faults import faults as walk_faults
from tests.load.fuzz import fuzz as run_fuzz
from tests.load.ids import make_ids
from tests.load.soak import soak as run_soak
from tests.load.stores import StoreName  # noqa: TC001 - typer reads it
from tests.load.tokens import try_tokens

if TYPE_CHECKING:
    from tests.load.report import Report

cli = typer.Typer(
    help="Figures under load, on this machine only.",
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@cli.command()
def fuzz(requests: int = 100_000, seed: int = 1) -> None:
    """Send generated requests; rejected ones must change nothing, and nothing may break."""
    _print(run_fuzz(requests, seed))


@cli.command()
def ids(count: int = 1_000_000) -> None:
    """Generate session ids; all must be unique."""
    _print(make_ids(count))


@cli.command()
def tokens(count: int = 100_000, seed: int = 1) -> None:
    """Try identity tokens that are forged, expired, swapped, truncated or signed again; none may work."""
    _print(try_tokens(count, seed))


@cli.command()
def concurrency(turns: int = 50, sessions: int = 2000) -> None:
    """Ask many turns of one session at once, then many sessions at once, over HTTP."""
    _print(run_concurrency(turns, sessions))


@cli.command()
def soak(
    seconds: Annotated[float, typer.Option(min=1, max=3600)] = 60, seed: int = 1, store: StoreName = "kv"
) -> None:
    """Let visitors talk to a local server while faults come and go, then account for every answer."""
    _print(run_soak(seconds, seed, store))


@cli.command()
def faults() -> None:
    """Reproduce each fault of docs/faults.md and print its outcome."""
    _print(walk_faults())


def _print(report: Report) -> None:
    sys.stdout.write("\n".join(report.lines()) + "\n")
    raise typer.Exit(1 if report.problems else 0)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # provoked faults would log a line each
    cli()
