"""Session ids: what is made, what is taken, what is refused and why."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import InvalidRequest
from session_id import fingerprint, generate_session_id, short_fingerprint, validate_session_id

if TYPE_CHECKING:
    import uuid


def test_makes_256_random_bits() -> None:
    made = {generate_session_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(base64.urlsafe_b64decode(f"{one}=")) for one in made} == {32}


def test_takes_what_the_server_makes() -> None:
    for _ in range(1000):
        made = generate_session_id()
        assert validate_session_id(made) == made


@given(st.uuids(version=4))
def test_takes_what_browsers_make(made: uuid.UUID) -> None:
    if len(set(made.hex)) >= 5:  # Hypothesis likes UUIDs that no generator makes
        assert validate_session_id(str(made)) == str(made)


@pytest.mark.parametrize("nothing", [None, ""])
def test_asks_for_an_id_in_the_seeds_words(nothing: object) -> None:
    with pytest.raises(InvalidRequest) as refused:
        validate_session_id(nothing)
    assert (refused.value.message, refused.value.code) == ("Session ID required", "session_id_required")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc-123", "crypto.randomUUID"),
        ("x" * 10_000, "crypto.randomUUID"),
        ("6FF4BB05-28A5-4A26-B2F6-25B4CA5F4D2E", "crypto.randomUUID"),
        ("6ff4bb05-28a5-1a26-b2f6-25b4ca5f4d2e", "crypto.randomUUID"),  # version 1: time and place
        ("6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e\n", "characters"),
        ("6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2\x00", "characters"),
        ("\uff16ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e", "characters"),
        ("../session:6ff4bb05-28a5-4a26-b2f6", "crypto.randomUUID"),
        ("00000000-0000-4000-8000-000000000001", "guess"),
        ("A" * 43, "guess"),
        ("-" * 43, "guess"),
        (12345, "string"),
        (["6ff4bb05-28a5-4a26-b2f6-25b4ca5f4d2e"], "string"),
    ],
)
def test_refuses_everything_else_with_a_reason(value: object, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason) as refused:
        validate_session_id(value)
    assert refused.value.code == "invalid_session_id"
    assert refused.value.status == 400


@given(st.text())
def test_refuses_any_text_that_is_no_id(text: str) -> None:
    with pytest.raises(InvalidRequest):
        validate_session_id(text)


def test_a_fingerprint_stands_for_an_id_and_does_not_show_it() -> None:
    one, other = generate_session_id(), generate_session_id()
    assert fingerprint(one) == fingerprint(one) != fingerprint(other)
    assert fingerprint(one).startswith(short_fingerprint(one))
    assert one not in fingerprint(one)
    assert len(short_fingerprint(one)) == 12
