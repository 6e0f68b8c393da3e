"""The settings, read once from the environment: `vars` and secrets of the Worker, or the shell's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)

from errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "0.1.0"

# What an isolate is ready to hold in memory for one request, whatever MAX_BODY_BYTES says.
LARGEST_BODY = 1_048_576
# The rest is for the form around it. A minute of Opus at 24 kbit/s takes 180 KB, 30 s of 16 kHz WAV 960 KB.
LARGEST_RECORDING = 983_040
# What a form adds to a recording: boundaries, field names and a language.
FORM_OVERHEAD_BYTES = 8192


def _split(separator: str) -> BeforeValidator:
    def split(value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(separator) if part.strip())

    return BeforeValidator(split)


def _whole_exchanges(value: int) -> int:
    if value % 2:
        raise ValueError("must be even: messages are kept as whole exchanges, a question and its answer")
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    """The origins as browsers send them: in lower case and without the port that goes without saying."""
    return tuple(_origin(number, text) for number, text in enumerate(value, 1))


def _origin(number: int, text: str) -> str:
    if text == "*":
        return text
    parts = urlsplit(text.lower())
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if (
        usual is None
        or not parts.hostname
        or f"{parts.scheme}://{parts.netloc}" != text.lower()
        or "@" in text
    ):
        raise ValueError(f"entry {number} is no origin; write it like https://www.example.com")
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def _own_key(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if value is None and info.data.get("openai_speech_base_url"):
        raise ValueError("must be given with OPENAI_SPEECH_BASE_URL: that server does not get OPENAI_API_KEY")
    return value


class Settings(BaseModel):
    """What can be set. Each is read from the variable of the same name in capitals.

    A variable that is missing or empty takes the default. `docs/settings.md` is written from this class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Annotated[
        Literal["development", "preview", "production"],
        Field(description="Where this runs. In `production` a missing KV binding is an error."),
    ] = "development"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
        Field(description="The least that is logged."),
    ] = "INFO"
    allowed_origins: Annotated[
        tuple[str, ...],
        _split(","),
        AfterValidator(_origins),
        Field(
            description="Other websites whose pages may use this agent, separated by commas; `*` for all. "
            "Empty: only pages of the same origin."
        ),
    ] = ()

    agent_name: Annotated[str, Field(max_length=60, description="The agent's name in the widget.")] = (
        "Voice agent"
    )
    greeting: Annotated[
        str, Field(max_length=300, description="What the widget says before the first question.")
    ] = "Hi! Ask me anything about us."
    suggested_questions: Annotated[
        tuple[str, ...],
        _split("|"),
        Field(description="Questions the widget offers, separated by vertical bars; a bar alone for none."),
    ] = ("What's your pricing?", "How do I get started?", "How can I reach you?")
    languages: Annotated[
        tuple[str, ...],
        _split(","),
        Field(min_length=1, description="Languages of the site, the main one first."),
    ] = ("en",)
    auto_close_seconds: Annotated[
        int,
        Field(ge=0, le=3600, description="Idle time after which the widget starts to close; 0 for never."),
    ] = 300
    countdown_seconds: Annotated[
        int,
        Field(
            ge=5,
            le=120,
            description="How long the widget counts down before it closes; WCAG 2.2.1 asks for 20 at least.",
        ),
    ] = 20

    openai_api_key: Annotated[
        SecretStr | None, Field(description="The key. Without one the offline demo answers.")
    ] = None
    openai_base_url: Annotated[
        str,
        Field(pattern=r"^https?://", description="Any server that speaks OpenAI's protocol; AI Gateway too."),
    ] = "https://api.openai.com/v1"
    openai_model: Annotated[str, Field(min_length=1, description="The model that answers.")] = "gpt-6-luna"
    openai_reasoning_effort: Annotated[
        str,
        Field(
            pattern="^[a-z]+$",
            description="How long the model thinks before it answers: `none`, `low`, and so on as it allows; "
            "`default` leaves it to the model.",
        ),
    ] = "none"
    openai_timeout_seconds: Annotated[
        float,
        Field(gt=0, le=120, description="How long to wait for the answer, and between two pieces of it."),
    ] = 20.0
    openai_max_retries: Annotated[
        int, Field(ge=0, le=5, description="How often a call that failed is sent again.")
    ] = 1
    openai_transcribe_model: Annotated[
        str, Field(min_length=1, description="The model that writes down what visitors say.")
    ] = "gpt-transcribe"
    openai_speech_model: Annotated[str, Field(min_length=1, description="The model that speaks.")] = (
        "gpt-4o-mini-tts"
    )
    openai_speech_base_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            description="Another server that speaks, as OpenAI's own `/audio/speech` ends on 2027-01-06. "
            "Empty: the one of `OPENAI_BASE_URL`.",
        ),
    ] = None
    openai_speech_api_key: Annotated[
        SecretStr | None,
        Field(validate_default=True, description="Its key, which has to be given with it."),
        AfterValidator(_own_key),
    ] = None
    openai_voices: Annotated[
        tuple[str, ...],
        _split(","),
        Field(
            min_length=1, description="Voices that a page may choose, separated by commas, the usual first."
        ),
    ] = ("alloy", "ash", "coral", "nova", "sage", "shimmer")
    max_output_tokens: Annotated[int, Field(ge=16, le=4096, description="The longest answer, in tokens.")] = (
        300
    )

    session_ttl_seconds: Annotated[
        int,
        Field(ge=60, description="Inactivity after which a conversation is forgotten. KV takes 60 at least."),
    ] = 3600
    session_max_age_seconds: Annotated[
        int,
        Field(
            ge=60,
            description="Age at which a conversation ends, however lively; the next question starts one.",
        ),
    ] = 86_400
    max_session_tokens: Annotated[
        int,
        Field(
            ge=0, description="Tokens, sent and written, that one conversation may take; 0 for no such limit."
        ),
    ] = 1_000_000
    max_messages: Annotated[
        int,
        Field(ge=2, le=100, description="Messages that are kept and sent along; an even number."),
        AfterValidator(_whole_exchanges),
    ] = 10
    max_question_chars: Annotated[int, Field(ge=1, le=20_000, description="The longest question.")] = 2000
    max_body_bytes: Annotated[
        int, Field(ge=256, le=LARGEST_BODY, description="The longest request body.")
    ] = 16_384
    max_audio_bytes: Annotated[
        int, Field(ge=1024, le=LARGEST_RECORDING, description="The longest recording, in bytes.")
    ] = LARGEST_RECORDING
    max_speech_chars: Annotated[
        int, Field(ge=1, le=4096, description="The longest text that is spoken at once.")
    ] = 1000
    max_json_depth: Annotated[
        int, Field(ge=1, le=64, description="How deep the JSON of a request may be nested.")
    ] = 8
    rate_limit: Annotated[
        str,
        Field(
            pattern=r"^(off|[1-9][0-9]{0,2}/[1-9][0-9]{0,4})$",
            description="Calls that one session and one client may make in so many seconds, as in `20/60`, "
            "where there is no binding `RATE_LIMITER`; or `off`.",
        ),
    ] = "off"
    storage_timeout_seconds: Annotated[float, Field(gt=0, le=25, description="How long to wait for KV.")] = (
        5.0
    )

    @property
    def max_form_bytes(self) -> int:
        """The longest form with a recording."""
        return self.max_audio_bytes + FORM_OVERHEAD_BYTES

    def for_speaking(self) -> Self:
        """These settings with the server and the key of what speaks in the place of OpenAI's."""
        return self.model_copy(
            update={
                "openai_base_url": self.openai_speech_base_url or self.openai_base_url,
                "openai_api_key": self.openai_speech_api_key or self.openai_api_key,
            }
        )

    @classmethod
    def read(cls, lookup: Callable[[str], object]) -> Self:
        """The settings that `lookup` knows: it is called with each variable's name and gives text or None.

        Raises `ConfigurationError` whose message names every variable that is wrong and why; the values
        themselves are left out, since one of them may be a key.
        """
        found = {name: lookup(name.upper()) for name in cls.model_fields}
        try:
            return cls.model_validate(
                {name: value for name, value in found.items() if value not in (None, "")}
            )
        except ValidationError as error:
            problems = "; ".join(f"{str(e['loc'][0]).upper()}: {_problem(e['msg'])}" for e in error.errors())
            raise ConfigurationError(f"Wrong settings: {problems}.") from None


def _problem(message: str) -> str:
    return message.removeprefix("Value error, ").removeprefix("Input ")
