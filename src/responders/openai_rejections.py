"""Which part of a chat request a server rejects, as far as its error says so reliably.

What is found here changes the requests of all visitors. So it is taken from the members of the error that
name a place in the request; or else from its message, but only if that has no room for a quotation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from responders.openai_refusals import member, message_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from openai import APIStatusError

    from responders.openai_connection import Body

# Stands for messages with the role `system`, which the templates of some models do not know.
SYSTEM_ROLE = "system"
# llama.cpp sends 500 for what the template of a model refuses.
BAD_REQUEST, UNPROCESSABLE, TEMPLATE_FAILED = 400, 422, 500

# Every word of the messages by which servers are known to reject a field or a role, besides names of fields.
_VOCABULARY = re.compile(
    """
    a|after|all|allowed|alternate|and|any|api|are|arguments?|assistant|badrequesterror|be|body|but|by|cannot|chat
    |conversations?|developer|does|enabled|error|etc|exist|extra|extra_forbidden|fields?|find|for|forbidden|in
    |inputs?|instead|instructions?|invalid|is|it|json|key|keyword|known|loc|messages?|models?|msg|must|names?
    |no|not|object|of|only|optional|or|parameters?|payload|permitted|please|prompt|property|provided|received
    |remove|request|roles?|supplied|supports?|supported|system|templates?|that|the|this|to|type|unexpected
    |unknown|unpermitted|unrecognised|unrecognized|unsupported|use|user|values?|with|without
    """,
    re.VERBOSE,
)
_DENIALS = frozenset(
    {
        "cannot", "extra", "extra_forbidden", "forbidden", "invalid", "must", "no", "not", "only",
        "unexpected", "unknown", "unpermitted", "unrecognised", "unrecognized", "unsupported",
    }
)  # fmt: skip
_ROLES = frozenset({"role", "roles", "instruction", "instructions"})
_SPEAKERS = frozenset({"system", "developer", "alternate"})
_WORD = re.compile(r"[^\W\d]\w*")
_FIRST_ROLE = re.compile(r"messages(\[0\]|\.0)\.role")


def rejected_parts(error: APIStatusError, sent: Body, fields: AbstractSet[str]) -> frozenset[str]:
    """Which of the `fields` of `sent` the server rejects with `error`, and whether `SYSTEM_ROLE`."""
    if error.status_code not in {BAD_REQUEST, UNPROCESSABLE, TEMPLATE_FAILED}:
        return frozenset()
    named = _named_places(error.body)
    if named is None:
        named = _named_in_message(message_of(error.body), sent, fields)
    elif named == {"messages"}:
        named = _named_in_message(message_of(error.body), sent, fields) & {SYSTEM_ROLE}
    present = sent.keys() & fields if error.status_code != TEMPLATE_FAILED else set[str]()
    if sent["messages"] and sent["messages"][0]["role"] == "system":
        present.add(SYSTEM_ROLE)
    return frozenset(named & present)


def _named_places(body: object) -> set[str] | None:
    """The parts that the error's `param` names, or the places in its `detail`; None if it has neither."""
    param, details = member(body, "param"), member(body, "detail")
    if isinstance(param, str) and param:
        return {SYSTEM_ROLE} if _FIRST_ROLE.fullmatch(param) else {param.partition(".")[0]}
    if isinstance(details, list):
        places = [place for detail in details if isinstance(place := member(detail, "loc"), list)]
        return {part for place in places for part in place if isinstance(part, str)} - {SYSTEM_ROLE}
    return None


def _named_in_message(message: str, sent: Body, fields: AbstractSet[str]) -> set[str]:
    """The parts that `message` names; none if it has a word that no rejection needs, or a visitor's."""
    model = re.escape(str(sent["model"]))
    words = set(_WORD.findall(re.sub(rf"(?:models/)?(?<!\w){model}(?!\w)", "", message).lower()))
    names = {word for word in words if not _VOCABULARY.fullmatch(word)}
    if not words & _DENIALS or not names <= fields:
        return set()
    said = " ".join(str(one["content"]) for one in sent["messages"] if one["role"] != "system").lower()
    evidence = names or (words & (_ROLES | _SPEAKERS) if words & _ROLES and words & _SPEAKERS else set())
    if any(word in said for word in evidence):
        return set()
    return names or ({SYSTEM_ROLE} if evidence else set())
