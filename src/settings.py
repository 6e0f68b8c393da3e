"""The settings, read once from the environment: the Worker's variables and secrets, or the shell's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import ConfigDict, Field, ValidationError

from access_settings import AccessSettings
from account_settings import AccountSettings
from errors import ConfigurationError
from setting_types import (
    EvenNumber,
    KeyedUrl,
    Languages,
    PictureAddress,
    ReasoningEffort,
    Secret,
    ShownText,
    ShownTexts,
    Uppercase,
    Word,
    describe,
)
from site_settings import SiteSettings
from voice_settings import VoiceSettings

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "0.1.0"

# The most an isolate holds in memory for one request; MAX_BODY_BYTES cannot be set higher.
MAX_REQUEST_BYTES = 1_048_576
# Leaves room for the form around the recording. A minute of Opus at 24 kbit/s takes 180 KB, 30 s of WAV at
# 16 kHz 960 KB.
MAX_RECORDING_BYTES = 983_040
# What a form adds to a recording: boundaries, field names and a language.
FORM_OVERHEAD_BYTES = 8192
# What a token of an answer may take in JSON. Common tokens are words or parts of words.
ANSWER_BYTES_PER_TOKEN = 32
# What KV takes as `expirationTtl`, in seconds: the runtime reads it as a 32-bit integer.
MIN_TTL, MAX_TTL = 60, 2_147_483_647


class Settings(SiteSettings, VoiceSettings, AccountSettings, AccessSettings):
    """All settings. Each is read from the environment variable of the same name in capitals.

    A variable that is missing or empty takes the default. `docs/settings.md` is generated from this class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Annotated[
        Literal["development", "preview", "production"],
        Field(description="Where the agent runs. In `production`, KV or D1 has to be bound."),
    ] = "development"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        Uppercase,
        Field(description="Minimum log level."),
    ] = "INFO"

    agent_name: Annotated[
        str, Field(min_length=1, max_length=60, description="Name of the agent in the widget."), ShownText
    ] = "Voice agent"
    agent_logo: Annotated[
        PictureAddress | None,
        Field(
            description="Picture of the agent in the widget, best square: an https address, or a path on the "
            "agent's server."
        ),
    ] = None
    greeting: Annotated[
        str, Field(max_length=300, description="What the widget says before the first question."), ShownText
    ] = "Hi! Ask me anything about us."
    suggested_questions: Annotated[
        ShownTexts | None,
        Field(
            description="Questions the widget suggests, separated by vertical bars; a single bar for none. "
            "If empty, up to three that the knowledge answers."
        ),
    ] = None
    languages: Annotated[
        Languages,
        Field(min_length=1, description="Languages of the website, comma-separated, main language first."),
    ] = ("en",)
    auto_close_seconds: Annotated[
        int,
        Field(ge=0, le=3600, description="Idle time before the widget starts to close; 0 for never."),
    ] = 300
    countdown_seconds: Annotated[
        int,
        Field(
            ge=5,
            le=120,
            description="Length of the countdown before the widget closes; WCAG 2.2.1 requires at least 20.",
        ),
    ] = 20

    openai_api_key: Annotated[
        Secret | None,
        Field(
            description="API key. Without one, Workers AI answers if `AI` is bound, else the offline demo."
        ),
    ] = None
    openai_base_url: Annotated[
        KeyedUrl,
        Field(description="Base URL of any server that speaks OpenAI's protocol, such as AI Gateway."),
    ] = "https://api.openai.com/v1"
    openai_model: Annotated[Word, Field(min_length=1, description="Model that answers questions.")] = (
        "gpt-6-luna"
    )
    openai_reasoning_effort: Annotated[
        ReasoningEffort,
        Field(
            description="How much the model reasons before it answers: `none`, `low` or another value it "
            "supports; `default` leaves it to the model.",
        ),
    ] = "none"
    openai_timeout_seconds: Annotated[
        float,
        Field(gt=0, le=120, description="Longest wait for an answer to start, and between two pieces of it."),
    ] = 20.0
    answer_timeout_seconds: Annotated[
        float,
        Field(
            gt=0,
            le=600,
            description="Longest time for a whole answer, retries included. What is written by then is kept.",
        ),
    ] = 60.0
    openai_max_retries: Annotated[
        int, Field(ge=0, le=5, description="How many times a failed call is retried.")
    ] = 1
    stream_batch_ms: Annotated[
        int,
        Field(
            ge=0,
            le=1000,
            description="How long the pieces of a streamed answer are collected, after the first, in "
            "milliseconds: 25 looks continuous and halves the CPU time; 0 sends each piece on its own.",
        ),
    ] = 25
    knowledge_tokens: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            description="Size up to which all of the knowledge is sent with every question, in tokens. "
            "Larger knowledge has to be in D1; then what fits the question is sent.",
        ),
    ] = 40_000
    max_output_tokens: Annotated[
        int, Field(ge=16, le=4096, description="Maximum length of an answer, in tokens.")
    ] = 300

    session_ttl_seconds: Annotated[
        int,
        Field(
            ge=MIN_TTL,
            le=MAX_TTL,
            description="Inactivity after which an anonymous visitor's conversation is deleted. "
            "KV requires at least 60.",
        ),
    ] = 3600
    session_max_age_seconds: Annotated[
        int,
        Field(
            ge=MIN_TTL,
            le=MAX_TTL,
            description="Age at which even an active conversation of an anonymous visitor ends; the next "
            "question starts a new one.",
        ),
    ] = 86_400
    max_session_tokens: Annotated[
        int, Field(ge=0, description="Token budget of one conversation, input and output; 0 for no limit.")
    ] = 1_000_000
    max_messages: Annotated[
        EvenNumber,
        Field(
            ge=2,
            le=100,
            description="Messages of a conversation that the model is sent and, for an anonymous visitor, "
            "that are kept; an even number.",
        ),
    ] = 10
    max_question_chars: Annotated[
        int, Field(ge=1, le=20_000, description="Maximum length of a question, in characters.")
    ] = 2000
    max_body_bytes: Annotated[
        int,
        Field(ge=256, le=MAX_REQUEST_BYTES, description="Maximum size of a JSON request body, in bytes."),
    ] = 16_384
    max_audio_bytes: Annotated[
        int, Field(ge=1024, le=MAX_RECORDING_BYTES, description="Maximum size of a recording, in bytes.")
    ] = MAX_RECORDING_BYTES
    max_audio_seconds: Annotated[
        int,
        Field(ge=1, le=900, description="Maximum length of a recording, in seconds."),
    ] = 120
    max_speech_chars: Annotated[
        int,
        Field(ge=1, le=4096, description="Maximum length of a text to be read aloud, in characters."),
    ] = 1000
    max_json_depth: Annotated[
        int, Field(ge=1, le=64, description="Maximum nesting depth of JSON in a request.")
    ] = 8
    storage_timeout_seconds: Annotated[
        float, Field(gt=0, le=25, description="Longest wait for an operation of KV or D1.")
    ] = 5.0

    @property
    def max_form_bytes(self) -> int:
        """Maximum size of a form with a recording, in bytes."""
        return self.max_audio_bytes + FORM_OVERHEAD_BYTES

    @property
    def max_speech_body_bytes(self) -> int:
        """Maximum size of a request for speech, which may contain an answer, in bytes."""
        return self.max_body_bytes + self.max_output_tokens * ANSWER_BYTES_PER_TOKEN

    def for_speech_server(self) -> Self:
        """These settings with the base URL and the key of the separate speech server, if there is one."""
        if self.openai_speech_base_url is None:
            return self
        return self.model_copy(
            update={
                "openai_base_url": self.openai_speech_base_url,
                "openai_api_key": self.openai_speech_api_key,
            }
        )

    @classmethod
    def read(cls, lookup: Callable[[str], object]) -> Self:
        """Read every setting with `lookup`, which takes a variable's name and returns its value or None.

        Raises `ConfigurationError`, whose message names every invalid variable and says what is wrong with
        it. Values are never shown: one of them may be a key.
        """
        found = {name: lookup(name.upper()) for name in cls.model_fields}
        # To Python, true is 1; to an owner it is not.
        values = {name: str(value) if isinstance(value, bool) else value for name, value in found.items()}
        try:
            return cls.model_validate(
                {name: value for name, value in values.items() if value not in (None, "")}
            )
        except ValidationError as error:
            problems = "; ".join(map(describe, error.errors()))
            raise ConfigurationError(f"Invalid settings: {problems}.") from None
