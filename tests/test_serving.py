"""Sockets and URLs of local servers."""

from __future__ import annotations

import socket

import pytest

from local.serving import listen, url_of


def test_accepted_connections_send_small_pieces_immediately() -> None:
    with listen() as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:80"),
        ("::", "http://localhost:80"),
        ("::1", "http://localhost:80"),
        ("192.0.2.1", "http://192.0.2.1:80"),
        ("2001:db8::1", "http://[2001:db8::1]:80"),
        ("box.example", "http://box.example:80"),
    ],
)
def test_url_of_host(host: str, url: str) -> None:
    assert url_of(host, 80) == url
