"""Many turns of one session at once, and many sessions at once, over HTTP on loopback."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from local.running import running_server
from session_id import generate_session_id
from settings import Settings
from tests.load.report import Report, percentiles

# Each has its own answer, so a mixed-up answer is noticed.
QUESTIONS = ("What's your pricing?", "How do I get started?", "How can I reach you?", "Can I cancel?")
TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one question, and how long it took."""

    question: str
    response: str
    turn: int
    saved: bool
    seconds: float


class Visitors:
    """Visitors who ask over HTTP and check what is stored."""

    def __init__(self, client: httpx2.AsyncClient, report: Report) -> None:
        self._client = client
        self._report = report

    async def ask(self, session_id: str, question: str) -> Answered:
        """Ask one question."""
        started = time.perf_counter()
        body = {"sessionId": session_id, "question": question, "turnId": generate_session_id()}
        response = await self._client.post("/chat", json=body)
        seconds = time.perf_counter() - started
        if response.status_code != httpx2.codes.OK:
            self._report.problems.append(f"{response.status_code} {response.text}")
            return Answered(question, "", 0, saved=False, seconds=seconds)
        answer = response.json()
        return Answered(question, answer["response"], answer["turn"], answer["saved"], seconds)

    async def stored(self, session_id: str) -> list[tuple[str, str]]:
        """Return the stored questions and answers."""
        response = await self._client.get("/session", headers={"X-Session-ID": session_id})
        said: list[dict[str, Any]] = response.json().get("messages", [])
        return [(q["content"], a["content"]) for q, a in zip(said[::2], said[1::2], strict=True)]

    async def turns_at_once(self, turns: int) -> list[Answered]:
        """Ask many turns of one session at once; each must be stored once, with its answer, in its place."""
        session_id = generate_session_id()
        questions = (f"{QUESTIONS[n % len(QUESTIONS)]} ({n})" for n in range(turns))
        answers = await asyncio.gather(*(self.ask(session_id, question) for question in questions))
        by_turn = sorted(answers, key=lambda answer: answer.turn)
        self._report.expect(
            [a.turn for a in by_turn] == list(range(1, turns + 1)), "turns are not numbered 1 to n"
        )
        expected = [(a.question, a.response) for a in by_turn]
        self._report.expect(
            await self.stored(session_id) == expected, "the stored turns are not the answered ones"
        )
        return answers

    async def sessions_at_once(self, sessions: int) -> list[Answered]:
        """Hold many sessions of two turns each at once."""
        expected = {
            question: (await self.ask(generate_session_id(), question)).response for question in QUESTIONS
        }
        talks = await asyncio.gather(*(self._two_turns(number, expected) for number in range(sessions)))
        return [answer for talk in talks for answer in talk]

    async def _two_turns(self, number: int, answers: dict[str, str]) -> list[Answered]:
        session_id = generate_session_id()
        question = QUESTIONS[number % len(QUESTIONS)]
        first = await self.ask(session_id, question)
        second = await self.ask(session_id, f"And what does number {number} cost?")
        self._report.expect(
            first.response == answers[question], f"the answer to a different question: {first}"
        )
        self._report.expect((first.turn, second.turn) == (1, 2), f"turns {first.turn} and {second.turn}")
        expected = [(answer.question, answer.response) for answer in (first, second)]
        self._report.expect(
            await self.stored(session_id) == expected, f"session {number} is not stored as answered"
        )
        return [first, second]


def concurrency(turns: int, sessions: int) -> Report:
    """Ask `turns` turns of one session at once, then hold `sessions` sessions at once."""
    report = Report()
    settings = Settings(max_messages=2 * turns, openai_api_key=None)
    with running_server(settings) as url:
        asyncio.run(_run(url, turns, sessions, report))
    return report


async def _run(url: str, turns: int, sessions: int, report: Report) -> None:
    # A connection for each request: a busy server may close one that is kept alive just as it is used again.
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    base = f"{url}/api/voice-agent"
    async with httpx2.AsyncClient(
        base_url=base, timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False
    ) as client:
        visitors = Visitors(client, report)
        _add_figures(report, "one session", await visitors.turns_at_once(turns))
        started = time.perf_counter()
        answers = await visitors.sessions_at_once(sessions)
        seconds = time.perf_counter() - started
        _add_figures(report, f"{sessions:,} sessions", answers)
        report.figures["requests a second, checks included"] = f"{1.5 * len(answers) / seconds:.0f}"


def _add_figures(report: Report, name: str, answers: list[Answered]) -> None:
    report.figures[f"{name}: turns asked"] = len(answers)
    report.figures[f"{name}: answered and saved"] = sum(answer.saved for answer in answers)
    report.expect(all(answer.saved for answer in answers), f"{name}: not all answers were saved")
    report.figures[f"{name}: time"] = percentiles([answer.seconds for answer in answers])
