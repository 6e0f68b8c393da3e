"""The types of settings that need more than a range: lists, origins, URLs; and what is wrong with a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

from origins import normalized_origin
from pasted_values import (
    email_address,
    http_url,
    one_word,
    page_url,
    phone_number,
    picture_address,
    secret_text,
    shown_text,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RATE_LIMIT = re.compile(r"off|[1-9][0-9]{0,2}/[1-9][0-9]{0,4}")
_AMOUNT_PER_PERIOD = re.compile(r"off|[1-9][0-9]{0,7}/[1-9][0-9]{0,5}")
_REASONING_EFFORT = re.compile(r"[a-z]+")
MIN_SIGNING_CHARS = 16
# HS256 requires a key of 256 bits or more (RFC 7518, section 3.2).
MIN_IDENTITY_CHARS = 32

# Plain sentences for pydantic's error types, completed from the error's context.
_PROBLEMS = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than": "must be more than {gt:.10g}",
    "greater_than_equal": "must be at least {ge:.10g}",
    "less_than_equal": "must be at most {le:.10g}",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_type": "must be text",
    "tuple_type": "must be text",
    "too_short": "must list at least one value",
    "too_long": "must have at most {max_length} characters",
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


def _reasoning_effort(value: str) -> str:
    if not _REASONING_EFFORT.fullmatch(value):
        raise ValueError("must be one word in lower case, such as none or low")
    return value


def _rate_limit(value: str) -> str:
    if not _RATE_LIMIT.fullmatch(value):
        raise ValueError(
            "must be off or LIMIT/PERIOD, such as 20/60 for 20 calls per 60 seconds; a LIMIT is at most 999"
        )
    return value


def _secret(value: SecretStr) -> SecretStr:
    secret_text(value.get_secret_value())
    return value


def _needs_key(value: str | None, info: ValidationInfo) -> str | None:
    # A key that is invalid itself is missing from `info.data`, and reported on its own.
    if value is not None and info.data.get("openai_api_key", value) is None:
        raise ValueError(
            "must be set together with OPENAI_API_KEY, without which the offline demo answers; if the server "
            "checks no key, any word will do"
        )
    return value


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if not all(map(_LANGUAGE.fullmatch, value)):
        raise ValueError("must list language codes such as en or pt-BR")
    return value


def _words(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(one_word, value))


def _without_empty(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, value))


def _amount_per_period(value: str) -> str:
    if not _AMOUNT_PER_PERIOD.fullmatch(value):
        raise ValueError(
            "must be off or AMOUNT/PERIOD, such as 600/3600 for 600 in 3600 seconds; a PERIOD has at most "
            "6 digits"
        )
    return value


def _signing_secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < MIN_SIGNING_CHARS:
        raise ValueError(f"must have at least {MIN_SIGNING_CHARS} characters")
    return value


def _identity_secrets(value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    """All secrets that may sign identity tokens; the first one is the newest."""
    texts = [secret.get_secret_value() for secret in value]
    for number, text in enumerate(texts, 1):
        which = f" (secret {number} of {len(texts)})" if len(texts) > 1 else ""
        try:
            secret_text(text)
        except ValueError as problem:
            raise ValueError(f"{problem}{which}") from None
        if len(text) < MIN_IDENTITY_CHARS:
            raise ValueError(
                f"must have at least {MIN_IDENTITY_CHARS} characters{which}: make one with "
                "`openssl rand -hex 32`"
            )
    if len(set(texts)) < len(texts):
        raise ValueError("must not list the same secret twice")
    return value


def _turnstile_secret(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if (value is None) != (info.data.get("turnstile_site_key") is None):
        raise ValueError("must be set together with TURNSTILE_SITE_KEY")
    return value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    """The origins as browsers send them."""
    return tuple(_origin(number, text) for number, text in enumerate(value, 1))


def _origin(number: int, text: str) -> str:
    try:
        return normalized_origin(text)
    except ValueError as problem:
        raise ValueError(
            f"must list origins such as https://www.example.com, but entry {number} is not one: it {problem}"
        ) from None


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(Split(","))]
AmountPerPeriod = Annotated[str, AfterValidator(_amount_per_period)]
ShownTexts = Annotated[
    tuple[Annotated[str, BeforeValidator(shown_text)], ...],
    BeforeValidator(Split("|")),
    AfterValidator(_without_empty),
]
EmailAddress = Annotated[str, AfterValidator(email_address)]
EvenNumber = Annotated[int, AfterValidator(_even)]
HttpUrl = Annotated[str, AfterValidator(http_url)]
KeyedUrl = Annotated[HttpUrl, AfterValidator(_needs_key)]
IdentitySecrets = Annotated[
    tuple[SecretStr, ...], BeforeValidator(Split(",")), AfterValidator(_identity_secrets)
]
Languages = Annotated[CommaSeparated, AfterValidator(_languages)]
Origins = Annotated[CommaSeparated, AfterValidator(_origins)]
PageUrl = Annotated[str, AfterValidator(page_url)]
PhoneNumber = Annotated[str, AfterValidator(phone_number)]
PictureAddress = Annotated[str, AfterValidator(picture_address)]
RateLimit = Annotated[str, AfterValidator(_rate_limit)]
ReasoningEffort = Annotated[str, AfterValidator(_reasoning_effort)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
SigningSecret = Annotated[Secret, AfterValidator(_signing_secret)]
TurnstileSecret = Annotated[Secret | None, AfterValidator(_turnstile_secret)]
Word = Annotated[str, AfterValidator(one_word)]
Words = Annotated[CommaSeparated, AfterValidator(_words)]
ShownText = BeforeValidator(shown_text)
Uppercase = BeforeValidator(_upper)


def describe(error: ErrorDetails) -> str:
    """Say what is wrong with a setting, such as 'MAX_MESSAGES must be at least 2', without its value."""
    problem = _PROBLEMS.get(error["type"], "is not valid").format(**error.get("ctx", {}))
    return f"{str(error['loc'][0]).upper()} {problem}"
