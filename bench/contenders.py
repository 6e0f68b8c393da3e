"""Our agent, the OpenAI Agents SDK and LangChain behind one interface, set up as documented."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, Runner, SQLiteSession
from agents.memory import SessionSettings
from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, trim_messages
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI
from pydantic import SecretStr

from bench import script
from bench.local_agent import KEY, agent_for
from clock import SystemClock
from conversation import Question
from knowledge.passages import render, split
from prompt import system_prompt
from session_id import generate_session_id
from settings import Settings
from stores.fake_kv import FakeKV

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage

MODEL = "gpt-6-luna"
MAX_MESSAGES = Settings().max_messages
MAX_TOKENS = Settings().max_output_tokens
SYSTEM = system_prompt(render(split(script.documents())))


class Contender(Protocol):
    """An agent with a memory. `asked` counts the questions."""

    name: str
    asked: int

    @property
    def operations(self) -> int:
        """The number of store operations so far."""
        ...

    def begin(self) -> None:
        """Start a new session."""
        ...

    async def ask(self, question: str) -> None:
        """Ask a question and wait for the answer to be stored."""
        ...


def contenders(model_url: str, folder: str) -> list[Contender]:
    """Return all three, with the model at `model_url`; the Agents SDK keeps its database in `folder`."""
    return [Ours(model_url), AgentsSdk(model_url, f"{folder}/sessions.db"), LangChain(model_url)]


class Ours:
    """Our agent, with its sessions in the fake KV."""

    name = "ours"

    def __init__(self, model_url: str) -> None:
        self.asked = 0
        self._kv = FakeKV(SystemClock(), put_interval=timedelta())
        env = SimpleNamespace(VOICE_SESSIONS=self._kv)
        self._conversation = agent_for(model_url, script.documents(), env=env).conversation
        self._session_id = ""

    @property
    def operations(self) -> int:
        return self._kv.reads + self._kv.writes + self._kv.deletes + self._kv.lists

    def begin(self) -> None:
        self._session_id = generate_session_id()

    async def ask(self, question: str) -> None:
        self.asked += 1
        await self._conversation.answer(Question(self._session_id, question))


class CountedSession(SQLiteSession):
    """A session that counts its operations."""

    operations = 0

    async def get_items(self, *args: Any, **options: Any) -> Any:
        CountedSession.operations += 1
        return await super().get_items(*args, **options)

    async def add_items(self, *args: Any, **options: Any) -> None:
        CountedSession.operations += 1
        await super().add_items(*args, **options)


class AgentsSdk:
    """OpenAI's Agents SDK with its SQLite session, limited to the last messages."""

    name = "agents_sdk"

    def __init__(self, model_url: str, database: str) -> None:
        self.asked = 0
        client = AsyncOpenAI(api_key=KEY, base_url=model_url)
        self._agent = Agent(
            name="voice-agent",
            instructions=SYSTEM,
            model=OpenAIChatCompletionsModel(MODEL, client),
            model_settings=ModelSettings(max_tokens=MAX_TOKENS),
        )
        self._database = database
        self._session: CountedSession | None = None

    @property
    def operations(self) -> int:
        return CountedSession.operations

    def begin(self) -> None:
        if self._session:
            self._session.close()
        limit = SessionSettings(limit=MAX_MESSAGES)
        self._session = CountedSession(generate_session_id(), self._database, session_settings=limit)

    async def ask(self, question: str) -> None:
        self.asked += 1
        await Runner.run(self._agent, question, session=self._session)


class LangChain:
    """LangChain's OpenAI model with its in-memory message history, trimmed by its own `trim_messages`."""

    name = "langchain"

    def __init__(self, model_url: str) -> None:
        self.asked = self.operations = 0
        self._model = ChatOpenAI(
            model=MODEL, api_key=SecretStr(KEY), base_url=model_url, max_completion_tokens=MAX_TOKENS
        )
        self._history = InMemoryChatMessageHistory()

    def begin(self) -> None:
        self._history = InMemoryChatMessageHistory()

    async def ask(self, question: str) -> None:
        self.asked += 1
        asked = HumanMessage(question)
        kept = self._trimmed(await self._history.aget_messages())
        answer = await self._model.ainvoke([SystemMessage(SYSTEM), *kept, asked])
        await self._history.aadd_messages([asked, AIMessage(answer.content)])
        self.operations += 2

    @staticmethod
    def _trimmed(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
        return trim_messages(
            messages, max_tokens=MAX_MESSAGES, token_counter=len, strategy="last", start_on="human"
        )
