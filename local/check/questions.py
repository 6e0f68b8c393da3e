"""The owner's questions, with what an answer must and must not say: a file in YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000

_PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "is no field of a question: use question, says, says_not, unknown or follow_up",
    "string_type": "must be text: put it in quotes",
    "string_too_short": "must not be empty",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "list_type": "must be a text or a list of texts",
    "tuple_type": "must be a text or a list of texts",
}


class QuestionsError(Exception):
    """The file cannot be used; the message tells the owner where and why."""


def _listed(value: Any) -> Any:
    """A single text as a list, and numbers as the text that they are in the file."""
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) if isinstance(one, int | float) and not isinstance(one, bool) else one for one in values]


Text = Annotated[str, Field(min_length=1, strict=True)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class Expected(BaseModel):
    """A question, and what its answer has to say.

    `says` has to be in the answer, all of it; of a text with bars, one part is enough: '9 am|9:00'.
    `says_not` must not be in it. `unknown` means that the agent has to say that it does not know, and
    `follow_up` that the question continues the conversation of the one before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Text
    says: Texts = ()
    says_not: Texts = ()
    unknown: bool = False
    follow_up: bool = False

    @model_validator(mode="after")
    def _checks_something(self) -> Expected:
        if self.unknown and self.says:
            raise ValueError("has both says and unknown: an answer that is not known says nothing")
        if not (self.unknown or self.says or self.says_not):
            raise ValueError("needs says, says_not or unknown: true, or there is nothing to check")
        return self


def read_questions(path: Path) -> list[Expected]:
    """The questions in the file `path`. Raises `QuestionsError`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise QuestionsError(f"{path} has more than {MAX_BYTES:,} bytes.")
        entries = yaml.safe_load(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise QuestionsError(
            f"There is no file {path}. See docs/knowledge.md for how to write one."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path} cannot be read: {_reason(error)}.") from None
    except yaml.YAMLError as error:
        raise QuestionsError(f"{path}{_line_of(error)} is not YAML: {_problem_of(error)}.") from None
    if not isinstance(entries, list) or not entries:
        raise QuestionsError(f"{path} must be a list of questions, each beginning with '- question: '.")
    return [_expected(path, number, entry, first=number == 1) for number, entry in enumerate(entries, 1)]


def _expected(path: Path, number: int, entry: object, *, first: bool) -> Expected:
    where = f"{path}, question {number}"
    if not isinstance(entry, dict):
        raise QuestionsError(f"{where} must begin with '- question: '.")
    try:
        read = Expected.model_validate(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"][:1])
        said = _PROBLEMS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        raise QuestionsError(f"{where}: {field} {said}.".replace(":  ", ": ")) from None
    if first and read.follow_up:
        raise QuestionsError(f"{where} is the first, so it cannot be a follow_up.")
    return read


def _line_of(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}," if mark else ""


def _problem_of(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or "it cannot be understood")


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
