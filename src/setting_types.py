"""The types of settings that need more than a range: lists, origins, URLs; and what is wrong with a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_RATE_LIMIT = re.compile(r"off|[1-9][0-9]{0,2}/[1-9][0-9]{0,4}")
_REASONING_EFFORT = re.compile(r"[a-z]+")

# Plain sentences for pydantic's error types, completed from the error's context.
_PROBLEMS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "greater_than": "must be more than {gt:.10g}",
    "greater_than_equal": "must be at least {ge:.10g}",
    "less_than_equal": "must be at most {le:.10g}",
    "string_too_long": "must have at most {max_length} characters",
    "string_type": "must be text",
    "tuple_type": "must be text",
    "too_short": "must list at least one value",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}


@dataclass(frozen=True, slots=True)
class Split:
    """Turns text into a tuple of its non-empty parts, which are separated by `separator`."""

    separator: str

    def __call__(self, value: object) -> object:
        """The parts of `value`; anything but text is returned unchanged."""
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(self.separator) if part.strip())


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even, because messages are kept in pairs of a question and its answer")
    return value


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value


def _reasoning_effort(value: str) -> str:
    if not _REASONING_EFFORT.fullmatch(value):
        raise ValueError("must be one word in lower case, such as none or low")
    return value


def _rate_limit(value: str) -> str:
    if not _RATE_LIMIT.fullmatch(value):
        raise ValueError("must be off or LIMIT/PERIOD, such as 20/60 for 20 calls per 60 seconds")
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    """The origins as browsers send them: in lower case, without the scheme's default port."""
    return tuple(_origin(number, text) for number, text in enumerate(value, 1))


def _origin(number: int, text: str) -> str:
    origin = text if text == "*" else _as_sent_by_browsers(text.lower())
    if origin is None:
        raise ValueError(f"must list origins such as https://www.example.com, but entry {number} is not one")
    return origin


def _as_sent_by_browsers(url: str) -> str | None:
    """The origin that `url` names, or None if it is anything but an origin."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or origin != url or "@" in url:
        return None
    return origin.removesuffix(_DEFAULT_PORTS[parts.scheme])


def _speech_key(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if value is None and info.data.get("openai_speech_base_url"):
        raise ValueError(
            "must be set together with OPENAI_SPEECH_BASE_URL, because that server is not sent OPENAI_API_KEY"
        )
    return value


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(Split(","))]
BarSeparated = Annotated[tuple[str, ...], BeforeValidator(Split("|"))]
EvenNumber = Annotated[int, AfterValidator(_even)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Origins = Annotated[CommaSeparated, AfterValidator(_origins)]
RateLimit = Annotated[str, AfterValidator(_rate_limit)]
ReasoningEffort = Annotated[str, AfterValidator(_reasoning_effort)]
SpeechKey = Annotated[SecretStr | None, AfterValidator(_speech_key)]
Uppercase = BeforeValidator(_upper)


def describe(error: ErrorDetails) -> str:
    """Say what is wrong with a setting, such as 'MAX_MESSAGES must be at least 2', without its value."""
    problem = _PROBLEMS.get(error["type"], "is not valid").format(**error.get("ctx", {}))
    return f"{str(error['loc'][0]).upper()} {problem}"
