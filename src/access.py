"""What a visitor may use that costs money: what may be spoken and recorded, and after which check."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from budgets import Budget
from errors import SpeechNotAllowed, VisitorNotVerified
from speech.notices import NOTICES
from speech.said import is_said_in
from tickets import AnswerTicket, Tickets
from turnstile import Turnstile

if TYPE_CHECKING:
    import httpx2
    from starlette.types import Scope

    from clock import Clock
    from sessions import Sessions
    from settings import Settings


class Access:
    """The rules of one isolate. By default nothing is restricted, which is for tests."""

    def __init__(
        self,
        *,
        sessions: Sessions | None = None,
        tickets: Tickets | None = None,
        greeting: str = "",
        speech_budget: Budget | None = None,
        recording_budget: Budget | None = None,
        turnstile: Turnstile | None = None,
        visitor_lifetime: timedelta = timedelta(),
    ) -> None:
        """`sessions` holds the answers that may be spoken; `visitor_lifetime` is how long a check counts."""
        self.turnstile = turnstile
        self._sessions = sessions
        self._tickets = tickets
        self._greeting = greeting
        self._speech_budget = speech_budget
        self._recording_budget = recording_budget
        self._visitor_lifetime = visitor_lifetime

    def ticket_for_answer(self, session_id: str) -> AnswerTicket | None:
        """A ticket for the answer that is being written in this session; None if none is needed."""
        return self._tickets.for_answer(session_id) if self._tickets else None

    async def allow_speech(
        self,
        scope: Scope,
        session_id: str | None,
        text: str,
        *,
        answer: str,
        ticket: str,
        owner: str | None = None,
    ) -> None:
        """Return if `text` may be spoken, and charge it to the budgets.

        It has to be the greeting, one of the widget's notices, or part of what was answered in the session:
        of `answer`, for which there is a `ticket`, or of what is stored. `owner` is the known visitor who
        asks. Raises `SpeechNotAllowed`, `RateLimited`, `StorageError`, and `ConversationOfAnother` if what is
        stored is not `owner`'s.
        """
        if self._tickets and text not in NOTICES and not is_said_in(text, self._greeting):
            if session_id is None:
                raise SpeechNotAllowed
            if not await self._was_said(session_id, text, answer, ticket, owner):
                raise SpeechNotAllowed
        if self._speech_budget is not None:
            self._speech_budget.spend(scope, session_id, len(text))

    def allow_recording(self, scope: Scope, session_id: str | None, seconds: float) -> None:
        """Charge a recording of `seconds` to the budgets; raises `RateLimited`."""
        if self._recording_budget is not None:
            self._recording_budget.spend(scope, session_id, seconds)

    async def check_visitor(self, session_id: str | None, token: str, ticket: str) -> str | None:
        """Return if the visitor of the session has been checked, or is now, with a `token` of Turnstile.

        `ticket` is what an earlier check returned. Returns a new ticket after a new check, else None. Raises
        `VisitorNotVerified` and what `Turnstile.verify` raises.
        """
        if not self.turnstile or not self._tickets:
            return None
        if session_id is None:
            raise VisitorNotVerified
        if self._tickets.is_for_visitor(ticket, session_id):
            return None
        await self.turnstile.verify(token, session_id)
        return self._tickets.for_visitor(session_id, self._visitor_lifetime)

    async def _was_said(
        self, session_id: str, text: str, answer: str, ticket: str, owner: str | None
    ) -> bool:
        if self._tickets and self._tickets.is_for_answer(ticket, session_id, answer):
            return is_said_in(text, answer)
        session = await self._sessions.find(session_id, owner) if self._sessions is not None else None
        messages = session.messages if session else ()
        return any(is_said_in(text, message.content) for message in messages if message.role == "assistant")


def get_access(
    settings: Settings,
    sessions: Sessions,
    clock: Clock,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Access:
    """The rules that `settings` ask for. `transport` is how Turnstile is reached."""
    secret = settings.turnstile_secret
    signing = settings.signing_secret or settings.openai_api_key or secret
    # Without any secret, tickets are valid in this isolate only.
    key = signing.get_secret_value() if signing else token_urlsafe()
    return Access(
        sessions=sessions,
        tickets=Tickets(key, clock),
        greeting=settings.greeting,
        speech_budget=_budget(settings.speech_budget, clock),
        recording_budget=_budget(settings.recording_budget, clock),
        turnstile=Turnstile(secret, transport) if secret else None,
        visitor_lifetime=timedelta(seconds=settings.session_max_age_seconds),
    )


def _budget(setting: str, clock: Clock) -> Budget | None:
    amount, _, period = setting.partition("/")
    return Budget(int(amount), int(period), clock) if period else None
