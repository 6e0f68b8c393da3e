"""The command `check`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from conversation import Question
from errors import VoiceAgentError
from local.background import BackgroundTasks
from local.bundle_knowledge import KNOWLEDGE
from local.check.judging import Result, judge
from local.check.report import summary, table
from local.command_errors import configuration_errors
from local.dependency_group import run_with_group
from local.environment import local_settings
from local.server import local_knowledge, local_services
from logs import LOGGER
from session_id import generate_session_id

if TYPE_CHECKING:
    from local.check.questions import Expected
    from services import Services
    from settings import Settings

QUESTIONS = KNOWLEDGE / "_questions.yaml"
NOT_ALL_RIGHT, BAD_FILE = 1, 2
_FETCHING = "Fetching what reads YAML (1 MB, only once) …"


def check(
    file: Annotated[
        Path,
        typer.Argument(help="File with the questions.", show_default="knowledge/_questions.yaml"),
    ] = QUESTIONS,
    *,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Ask the offline demo, even if there is a key: it costs nothing."),
    ] = False,
    accept_unknown: Annotated[
        bool, typer.Option("--accept-unknown", help="Succeed also if the agent does not know some answers.")
    ] = False,
) -> None:
    """Ask the agent your questions, and see which answers are right, wrong or unknown.

    The agent is asked as it is configured: with a key, each question costs what a visitor's costs. The file
    lists questions with what an answer has to say, and must not say; `docs/knowledge.md` explains it.

    The exit status is 0 if all answers are right, 1 if not, and 2 if the file cannot be used.
    """
    run_with_group("check", "yaml", ["voice-agent", *sys.argv[1:]], notice=_FETCHING)
    questions = _read(file)
    services = _services(offline=offline)
    typer.echo(f"Asking {len(questions)} questions; {_who(services)} answers.", err=True)
    results = asyncio.run(_ask_all(services, questions))
    for line in table(results):
        typer.echo(line)
    typer.echo(f"\n{summary(results)}")
    accepted = {"right", "unknown"} if accept_unknown else {"right"}
    if any(result.outcome not in accepted for result in results):
        raise typer.Exit(NOT_ALL_RIGHT)


def _read(file: Path) -> list[Expected]:
    from local.check.questions import QuestionsError, read_questions  # noqa: PLC0415 - needs the group

    try:
        return read_questions(file)
    except QuestionsError as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(BAD_FILE) from None


def _services(*, offline: bool) -> Services:
    with configuration_errors():
        logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr, force=True)
        logging.getLogger(LOGGER).setLevel("ERROR")
        settings = local_settings()
        return local_services(
            _offline(settings) if offline else settings, BackgroundTasks(), local_knowledge()
        )


def _offline(settings: Settings) -> Settings:
    return settings.model_copy(update={"openai_api_key": None})


def _who(services: Services) -> str:
    offline = services.responder.name == "offline"
    return "the offline demo" if offline else services.settings.openai_model


async def _ask_all(services: Services, questions: list[Expected]) -> list[Result]:
    """Ask one question after the other, each in a conversation of its own unless it follows up."""
    results: list[Result] = []
    session_id = generate_session_id()
    for number, expected in enumerate(questions, 1):
        if sys.stderr.isatty():
            typer.echo(f"\r{number}/{len(questions)}", nl=False, err=True)
        if not expected.follow_up:
            session_id = generate_session_id()
        results.append(await _ask(services, session_id, expected))
    if sys.stderr.isatty():
        typer.echo("\r", nl=False, err=True)
    return results


async def _ask(services: Services, session_id: str, expected: Expected) -> Result:
    started = perf_counter()
    try:
        answer = await services.conversation.answer(Question(session_id, expected.question))
    except VoiceAgentError as error:
        return Result(expected, "failed", perf_counter() - started, f"{error.message} ({error.code})")
    seconds = perf_counter() - started
    outcome, problem = judge(expected, answer)
    return Result(expected, outcome, seconds, problem, answer)
