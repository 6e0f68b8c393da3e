"""Server-sent events are read the same however the network splits them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.openai_completion import EventReader

DATA = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1)


@given(
    texts=st.lists(DATA),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    begin=st.sampled_from(["", "\ufeff"]),
    size=st.integers(1, 7),
)
def test_splitting_makes_no_difference(texts: list[str], line_end: str, begin: str, size: int) -> None:
    sent = (begin + "".join(f"data: {text}{line_end}{line_end}" for text in texts)).encode()
    reader = EventReader()
    pieces = (sent[start : start + size] for start in range(0, len(sent), size))
    assert [data.decode() for piece in pieces for data in reader.feed(piece)] == texts


@pytest.mark.parametrize(
    ("sent", "data"),
    [
        (b": a comment\n\n", []),
        (b"event: ping\n\n", []),
        (b"event: delta\nid: 7\ndata: a\n\n", [b"a"]),
        (b"data: a\ndata: b\n\n", [b"a\nb"]),
        (b"data:a\n\ndata:  b\n\n", [b"a", b" b"]),
        (b"data: a\n", []),
        (b"data: a\r\rdata: b\n\r\n", [b"a", b"b"]),
        (b"\xef\xbb\xbfdata: a\n\n\xef\xbb\xbfdata: b\n\n", [b"a"]),
        (b"data: \xef\xbb\xbfa\n\n", [b"\xef\xbb\xbfa"]),
    ],
)
def test_data_of_complete_events(sent: bytes, data: list[bytes]) -> None:
    assert EventReader().feed(sent) == data


def test_memoryviews_are_accepted() -> None:
    reader = EventReader()
    assert reader.feed(memoryview(b"data: a")) == []
    assert reader.feed(memoryview(b"\n\n")) == [b"a"]


def test_cr_at_the_end_of_a_chunk_ends_a_line_at_once() -> None:
    reader = EventReader()
    assert reader.feed(b"data: a\r\r") == [b"a"]
    assert reader.feed(b"") == []
    assert reader.feed(b"\ndata: b\r\n\r") == [b"b"]
    assert reader.feed(b"\ndata: c\n\n") == [b"c"]
