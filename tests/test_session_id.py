"""Session ids: how they are generated, which ones are accepted, and why others are rejected."""

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


def test_generated_id_has_256_random_bits() -> None:
    ids = {generate_session_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(base64.urlsafe_b64decode(f"{one}=")) for one in ids} == {32}


def test_generated_id_is_accepted() -> None:
    for _ in range(1000):
        session_id = generate_session_id()
        assert validate_session_id(session_id) == session_id


@given(st.uuids(version=4))
def test_random_uuid_is_accepted(random_uuid: uuid.UUID) -> None:
    if len(set(random_uuid.hex)) >= 5:  # Hypothesis likes UUIDs that no generator produces
        assert validate_session_id(str(random_uuid)) == str(random_uuid)


@pytest.mark.parametrize("missing", [None, ""])
def test_missing_id_is_required(missing: object) -> None:
    with pytest.raises(InvalidRequest) as rejected:
        validate_session_id(missing)
    assert (rejected.value.message, rejected.value.code) == ("Session ID required", "session_id_required")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("abc-123", "crypto.randomUUID"),
        ("x" * 10_000, "crypto.randomUUID"),
        ("6FF4BB05-28A5-4A26-B2F6-25B4CA5F4D2E", "crypto.randomUUID"),
        ("6ff4bb05-28a5-1a26-b2f6-25b4ca5f4d2e", "crypto.randomUUID"),  # version 1: time and MAC address
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
def test_invalid_id_is_rejected_with_a_reason(value: object, reason: str) -> None:
    with pytest.raises(InvalidRequest, match=reason) as rejected:
        validate_session_id(value)
    assert rejected.value.code == "invalid_session_id"
    assert rejected.value.status == 400


@given(st.text())
def test_random_text_is_rejected(text: str) -> None:
    with pytest.raises(InvalidRequest):
        validate_session_id(text)


def test_fingerprint_identifies_an_id_without_containing_it() -> None:
    one, other = generate_session_id(), generate_session_id()
    assert fingerprint(one) == fingerprint(one) != fingerprint(other)
    assert fingerprint(one).startswith(short_fingerprint(one))
    assert one not in fingerprint(one)
    assert len(short_fingerprint(one)) == 12
