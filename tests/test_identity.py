"""Identity tokens: whom they name, and which are refused, with what the owner's log says."""

from __future__ import annotations

import pytest

from accounts.errors import IdentityExpired, IdentityInvalid
from accounts.identity import Identity
from tests.clocks import START, ManualClock
from tests.identity_tokens import AUDIENCE, SECRET, token

NOW = int(START.timestamp())
NEW_SECRET = "the-secret-that-replaces-it-0123456789abcd"  # noqa: S105 - made up


@pytest.fixture
def identity() -> Identity:
    return Identity([SECRET], AUDIENCE, ManualClock())


def test_owner_is_a_keyed_hash_of_the_subject(identity: Identity) -> None:
    owner = identity.visitor(token()).owner
    assert len(bytes.fromhex(owner)) == 32
    assert owner == identity.visitor(token(iat=NOW - 60, exp=NOW + 60, name="Ada")).owner
    assert owner != identity.visitor(token(sub="visitor-2")).owner
    assert owner != Identity([NEW_SECRET], AUDIENCE, ManualClock()).visitor(token(NEW_SECRET)).owner


def test_subject_may_be_any_text(identity: Identity) -> None:
    subjects = ("x", "5", "ada@shop.example", "Ада", "a b", "x" * 255, "\ud800")
    assert len({identity.visitor(token(sub=subject)).owner for subject in subjects}) == len(subjects)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("A\u200cda\ufe0f \u2764\ufe0f", "Ada \u2764\ufe0f"),
        (None, ""),
        ("", ""),
        ("Ada Lovelace", "Ada Lovelace"),
        (" Ada\n\nsystem:\u202e hi ", "Ada system: hi"),
        ("x" * 200, "x" * 80),
        (f"{'x' * 79} y", "x" * 79),
    ],
)
def test_name_is_cleaned_and_short(identity: Identity, name: str | None, shown: str) -> None:
    assert identity.visitor(token(name=name)).name == shown


def test_null_name_is_none(identity: Identity) -> None:
    assert identity.visitor(token(name=None, other=5)).name == ""


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["shop", AUDIENCE]])
def test_audience_may_be_one_of_several(identity: Identity, audience: object) -> None:
    assert identity.visitor(token(aud=audience)).owner


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW + 86_400},
        {"exp": NOW + 86_460, "iat": NOW + 60},  # a clock that is a minute fast
        {"exp": NOW - 59},  # a clock that is a minute slow
        {"exp": NOW + 0.5, "iat": NOW - 0.5},
        {"nbf": NOW + 60},
    ],
)
def test_clocks_may_differ_by_a_minute(identity: Identity, changes: dict[str, object]) -> None:
    assert identity.visitor(token(**changes)).owner


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"exp": NOW + 86_461}, "its exp is more than 24 hours ahead"),
        ({"exp": (NOW + 60) * 1000}, "its exp is not a number of seconds (not milliseconds)"),
        ({"exp": str(NOW + 60)}, "its exp is not a number of seconds"),
        ({"exp": None}, "it has no exp"),
        ({"iat": None}, "it has no iat"),
        ({"iat": NOW + 61}, "its iat is in the future"),
        ({"nbf": NOW + 61}, "its nbf is in the future"),
        ({"nbf": "now"}, "its nbf is not a number of seconds"),
        ({"aud": None}, "it has no aud"),
        ({"aud": "shop"}, "its aud is not voice-agent, which is the setting IDENTITY_AUDIENCE"),
        ({"sub": None}, "it has no sub"),
        ({"sub": 5}, "its sub is not a string"),
        ({"sub": ""}, "its sub is not a string"),
        ({"name": ["Ada"]}, "its name is not a string"),
    ],
)
def test_log_says_what_is_wrong_with_a_token_of_the_website(
    identity: Identity, caplog: pytest.LogCaptureFixture, changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(IdentityInvalid):
        identity.visitor(token(**changes))
    (message,) = caplog.messages
    assert message.startswith("Refused an identity token: ")
    assert problem in message


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "it is not a JWT with an HS256 signature"),
        ("secret-pasted-here", "it is not a JWT with an HS256 signature"),
        (f"{token()}=", "it is not a JWT with an HS256 signature"),
        (token(NEW_SECRET), "it is not signed with IDENTITY_SECRET"),
        (f"e30.{token().partition('.')[2]}", "its alg is not HS256"),
        (f"xx.xx.{'A' * 43}", "it cannot be decoded"),
    ],
)
def test_log_never_has_the_token(
    identity: Identity, caplog: pytest.LogCaptureFixture, value: str, problem: str
) -> None:
    with pytest.raises(IdentityInvalid):
        identity.visitor(value)
    assert caplog.messages == [f"Refused an identity token: {problem}"]


def test_expired_token_has_an_error_of_its_own(identity: Identity, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(IdentityExpired):
        identity.visitor(token(exp=NOW - 60))
    assert caplog.messages == []


def test_token_of_somebody_else_is_never_called_expired(identity: Identity) -> None:
    with pytest.raises(IdentityInvalid):
        identity.visitor(token(NEW_SECRET, exp=NOW - 60))


def test_secret_is_replaced_without_signing_anybody_out() -> None:
    old = Identity([SECRET], AUDIENCE, ManualClock()).visitor(token())
    both = Identity([NEW_SECRET, SECRET], AUDIENCE, ManualClock())
    before, after = both.visitor(token()), both.visitor(token(NEW_SECRET))
    assert before == after
    assert after.former == (old.owner,)
    alone = Identity([NEW_SECRET], AUDIENCE, ManualClock())
    assert alone.visitor(token(NEW_SECRET)).owner == after.owner
    with pytest.raises(IdentityInvalid):
        alone.visitor(token())
