"""One isolate as a test sees it: the conversation with each of its collaborators within reach."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from conversation import Conversation, Question
from local.background import BackgroundTasks
from session_id import generate_session_id, generate_turn_id
from session_storage import D1SessionStorage, KVSessionStorage
from sessions import get_sessions
from settings import Settings
from stores.d1_faults import D1Faults
from stores.fake_d1 import FakeD1
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock, ManualClock
from tests.d1 import migrated
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from accounts.visitor import Visitor
    from models import Answer
    from session_storage import SessionStorage
    from stores.d1_sqlite import SqliteDatabase


@dataclass
class Isolate:
    """Sessions on a fake KV, a scripted responder, and a session id to ask questions under."""

    settings: Settings = field(default_factory=Settings)
    faults: KVFaults = field(default_factory=KVFaults)
    clock: ManualClock = field(default_factory=AutoClock)
    background: BackgroundTasks = field(default_factory=BackgroundTasks)
    responder: ScriptedResponder = field(default_factory=ScriptedResponder)
    session_id: str = field(default_factory=generate_session_id)
    kv: FakeKV = field(init=False)

    def __post_init__(self) -> None:
        self.kv = FakeKV(self.clock, self.faults)
        self.restart()

    def restart(self) -> None:
        """Forget everything that is not in KV, as a new isolate does."""
        self.storage = self.build_storage()
        self.sessions = get_sessions(self.storage, self.clock, self.background, self.settings)
        self.conversation = Conversation(
            sessions=self.sessions,
            responder=self.responder,
            system_prompt="You know things.",
            clock=self.clock,
            background=self.background,
            max_tokens=self.settings.max_session_tokens,
        )

    def build_storage(self) -> SessionStorage:
        """The store, which is the same for all isolates of a test."""
        return KVSessionStorage(self.kv, self.settings, self.clock)

    def another(self, responder: ScriptedResponder | None = None) -> Self:
        """A second isolate for the same session and store."""
        other = type(self)(
            settings=self.settings,
            clock=self.clock,
            background=self.background,
            responder=responder or self.responder,
            session_id=self.session_id,
        )
        other.kv = self.kv
        other.restart()
        return other

    def question(
        self,
        text: str,
        *,
        turn_id: str | None = None,
        seen: int = 0,
        last_turn_id: str | None = None,
        visitor: Visitor | None = None,
        amends: dict[str, int] | None = None,
    ) -> Question:
        turn_id = turn_id or generate_turn_id()
        return Question(self.session_id, text, turn_id, seen, last_turn_id, visitor, amends or {})

    async def ask(self, text: str, **fields: Any) -> Answer:
        """Ask, with fields as `question` takes them."""
        return await self.conversation.answer(self.question(text, **fields))

    def ask_in_background(self, text: str, **fields: Any) -> asyncio.Task[Answer]:
        """Ask as a task: while the responder is not `released`, the answer does not end."""
        return asyncio.create_task(self.ask(text, **fields))

    async def ask_for_stream(self, text: str) -> tuple[list[str], Answer]:
        """The pieces of the answer, and the answer."""
        stream = await self.conversation.stream(self.question(text))
        pieces = [piece async for pieces in stream for piece in pieces]
        return pieces, stream.answer

    async def stored(self) -> list[str]:
        """The text of each stored message."""
        return [m.content for m in await self.storage.get_conversation_history(self.session_id)]


@dataclass
class D1Isolate(Isolate):
    """The same on D1, whose faults this isolate has to itself."""

    d1_faults: D1Faults = field(default_factory=D1Faults)
    database: SqliteDatabase = field(default_factory=migrated)

    def build_storage(self) -> SessionStorage:
        self.d1 = FakeD1(self.database, self.clock, self.d1_faults)
        return D1SessionStorage(self.d1, self.settings, self.clock)

    def another(self, responder: ScriptedResponder | None = None) -> Self:
        other = super().another(responder)
        other.database = self.database
        other.restart()
        return other


class SlowKV(FakeKV):
    """A KV whose first put waits until it is released."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.arrived, self.release = asyncio.Event(), asyncio.Event()

    async def put(self, *args: Any, **options: Any) -> None:
        if not self.arrived.is_set():
            self.arrived.set()
            await self.release.wait()
        await super().put(*args, **options)
