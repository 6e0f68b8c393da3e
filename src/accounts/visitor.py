"""A visitor whom the website knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person, under a name that only this deployment can compute.

    `owner` is a keyed hash of the website's own id for the visitor (64 hexadecimal digits), under which
    conversations are stored. `former` are the hashes of the same id with secrets that are being replaced.
    `name` is what the visitor is called, in visible characters; empty if the website does not say.
    """

    owner: str
    name: str = ""
    former: tuple[str, ...] = ()
