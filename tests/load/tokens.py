"""Identity tokens that must not be accepted: forged, expired, swapped, truncated and signed again."""

from __future__ import annotations

import json
import random
import string
import time
from base64 import urlsafe_b64encode
from collections import Counter
from hmac import digest
from typing import TYPE_CHECKING, Any

from accounts.errors import IdentityRequired
from accounts.identity import Identity
from tests.clocks import START, ManualClock
from tests.identity_tokens import AUDIENCE, SECRET, claims, token
from tests.load.report import Report, counted

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = int(START.timestamp())
ALPHABET = string.ascii_letters + string.digits + "-_"
# A valid token is checked now and then: one that refuses everything would pass otherwise.
CONTROL_EVERY = 100
ALGORITHMS = (
    "none",
    "None",
    "",
    "hs256",
    "HS384",
    "HS512",
    "RS256",
    "ES256",
    "EdDSA",
    "HS256 ",
    "HS2560",
    None,
)
DIGESTS = {"HS384": "sha384", "HS512": "sha512"}
HEADERS: tuple[dict[str, Any], ...] = (
    {"crit": ["exp"]},
    {"crit": ["b64"], "b64": False},
    {"b64": False},
    {"kid": 5},
    {"alg": ["HS256"]},
    {"alg": {"HS256": 1}},
)
LIFETIMES: tuple[object, ...] = (
    *(NOW - 61, NOW - 86_400, 0, -1, NOW + 86_400 + 61, NOW * 1000, 10**400, 1e308, float("nan")),
    *(float("inf"), str(NOW + 60), "soon", True, [], {}, [NOW + 60]),
)
AUDIENCES: tuple[object, ...] = (
    *("voice-agent2", "Voice-Agent", "voice-agent ", "", " ", "*", [], ["other"], ["other", 5]),
    *([["voice-agent"]], {"voice-agent": 1}, 5, True, "other"),
)
SUBJECTS: tuple[object, ...] = ("", " ", "\n", "x" * 256, 5, 0, True, [], ["visitor-1"], {"sub": "visitor-1"})


class Forger:
    """Makes tokens that are not valid, of all kinds and from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - reproducible
        self.kinds: dict[str, Callable[[], str]] = {
            "another secret": self._another_secret,
            "another algorithm": self._another_algorithm,
            "another header": self._another_header,
            "another claim": self._another_claim,
            "a missing claim": self._missing_claim,
            "swapped parts": self._swapped,
            "truncated": self._truncated,
            "a changed character": self._changed,
            "an added character": self._added,
            "unsigned changes": self._unsigned_changes,
            "noise": self._noise,
        }

    def valid(self) -> str:
        """A token of one of many visitors."""
        lifetime = self._random.randint(1, 86_400)
        return token(sub=f"visitor-{self._random.randrange(1000)}", exp=NOW + lifetime)

    def _another_secret(self) -> str:
        near = (SECRET[:-1], f"{SECRET}0", SECRET.upper(), SECRET[::-1])
        anything = "".join(self._random.choices(ALPHABET, k=40))
        return token(self._random.choice([*near, anything]))

    def _another_algorithm(self) -> str:
        name = self._random.choice(ALGORITHMS)
        header = {"typ": "JWT", "alg": name} if name is not None else {"typ": "JWT"}
        signed = _signed(header, claims(), digest_name=DIGESTS.get(name or "", "sha256"))
        return self._random.choice([signed, f"{signed.rpartition('.')[0]}."])

    def _another_header(self) -> str:
        return _signed({"alg": "HS256", **self._random.choice(HEADERS)}, claims())

    def _another_claim(self) -> str:
        name, values = self._random.choice(
            [("exp", LIFETIMES), ("aud", AUDIENCES), ("sub", SUBJECTS), ("iat", ("now", NOW + 61, True))]
        )
        return token(**{name: self._random.choice(values)})

    def _missing_claim(self) -> str:
        names = self._random.sample(("sub", "exp", "iat", "aud"), self._random.randint(1, 4))
        return token(**dict.fromkeys(names))

    def _swapped(self) -> str:
        one, other = token().split("."), token(sub="visitor-2").split(".")
        parts = [[one[0], one[1], other[2]], [one[0], other[1], one[2]], one[::-1]]
        return ".".join(self._random.choice(parts))

    def _truncated(self) -> str:
        valid = self.valid()
        start, end = sorted(self._random.sample(range(len(valid)), 2))
        return self._random.choice([valid[:end], valid[start + 1 :], valid[:start] + valid[end:]])

    def _changed(self) -> str:
        valid = self.valid()
        place = self._random.randrange(len(valid))
        others = [character for character in f"{ALPHABET}.=+/ \n\0é" if character != valid[place]]
        return valid[:place] + self._random.choice(others) + valid[place + 1 :]

    def _added(self) -> str:
        valid = self.valid()
        place = self._random.choice([0, len(valid), self._random.randrange(len(valid))])
        return valid[:place] + self._random.choice(f"{ALPHABET}.= \n\0é") + valid[place:]

    def _unsigned_changes(self) -> str:
        header, payload, signature = self.valid().split(".")
        changed = _part(claims(sub=f"visitor-{self._random.randrange(1000)}", name="An administrator"))
        return self._random.choice([f"{header}.{changed}.{signature}", f"{changed}.{payload}.{signature}"])

    def _noise(self) -> str:
        length = self._random.choice([0, 1, 43, 200, 5000])
        noise = "".join(self._random.choices(f"{ALPHABET}.", k=length))
        nested = urlsafe_b64encode(b"[" * 3000).decode().rstrip("=")
        return self._random.choice([noise, f"{noise}.{noise}.{noise}", f"{nested}.{nested}.{'A' * 43}"])


def _signed(header: dict[str, Any], content: dict[str, Any], digest_name: str = "sha256") -> str:
    """A token with any header, signed with the right secret."""
    start = f"{_part(header)}.{_part(content)}"
    return f"{start}.{_encoded(digest(SECRET.encode(), start.encode(), digest_name))}"


def _part(value: object) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def try_tokens(count: int, seed: int) -> Report:
    """Check `count` tokens that are not valid, and some that are."""
    forger, identity = Forger(seed), Identity([SECRET], AUDIENCE, ManualClock())
    report, outcomes = Report(), Counter[str]()
    started = time.perf_counter()
    for number in range(count):
        kind, forge = list(forger.kinds.items())[number % len(forger.kinds)]
        forged = forge()
        outcomes[kind] += 1
        report.expect(not is_accepted(identity, forged), f"accepted {kind}: {forged!r}")
        if number % CONTROL_EVERY == 0:
            outcomes["valid"] += 1
            report.expect(is_accepted(identity, forger.valid()), "refused a valid token")
    report.figures = {
        "tokens": count,
        "seconds": f"{time.perf_counter() - started:.0f}",
        "accepted": sum(problem.startswith("accepted") for problem in report.problems),
        "kinds": counted(outcomes),
    }
    return report


def is_accepted(identity: Identity, value: str) -> bool:
    """Whether the token names a visitor."""
    try:
        return bool(identity.visitor(value).owner)
    except IdentityRequired:
        return False
