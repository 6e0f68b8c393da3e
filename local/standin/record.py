"""The requests that the stand-in received, and how each ended."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

Outcome = Literal["running", "sent", "cut", "client_left", "stopped"]
_SECRETS = ("authorization", "api-key", "cookie")


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file of a multipart form; its content is not kept."""

    filename: str
    content_type: str
    size: int
    sha256: str


Form = dict[str, str | RecordedFile]


@dataclass(slots=True)
class RecordedRequest:
    """One request. `body` is its JSON, `form` its multipart fields; of several with one name, the last."""

    method: str
    path: str
    headers: dict[str, str]
    """Names are in lower case; keys and cookies are masked."""
    body: Any = None
    form: Form | None = None
    status: int | None = None
    """The status of the response; None if none was sent."""
    outcome: Outcome = "running"
    """'sent': the whole response was sent, even if it was a refusal; 'cut': a behaviour broke it off;
    'client_left': the client closed the connection before the end; 'stopped': the stand-in shut down."""
    _over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def client_left(self) -> bool:
        """Whether the client closed the connection before the end."""
        return self.outcome == "client_left"

    def end(self, outcome: Outcome) -> None:
        """Set the outcome and wake whoever waits for it."""
        self.outcome = outcome
        self._over.set()

    def wait_until_over(self, timeout: float = 10.0) -> Outcome:
        """Block until the request has ended and return its outcome.

        Raises `TimeoutError` if it is still running after `timeout` seconds.
        """
        if not self._over.wait(timeout):
            raise TimeoutError(f"{self.method} {self.path} is still running after {timeout} s.")
        return self.outcome

    def as_json(self) -> dict[str, Any]:
        """The request as JSON."""
        form = (self.form or {}).items()
        return {
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body": self.body,
            "form": {k: asdict(v) if isinstance(v, RecordedFile) else v for k, v in form} or None,
            "status": self.status,
            "outcome": self.outcome,
        }


class Record:
    """All requests so far. It may be read from another thread than the server's."""

    def __init__(self) -> None:
        self._requests: list[RecordedRequest] = []

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """A snapshot, in order of arrival."""
        return tuple(self._requests)

    def add(self, request: RecordedRequest) -> None:
        """Append `request`."""
        self._requests.append(request)

    def clear(self) -> None:
        """Forget all requests."""
        self._requests.clear()


async def read_request(request: Request) -> RecordedRequest:
    """Read all of `request`. If the client leaves before its body has arrived, the outcome says so."""
    headers = {name: _masked(name, value) for name, value in request.headers.items()}
    recorded = RecordedRequest(request.method, request.url.path, headers)
    try:
        if headers.get("content-type", "").startswith("multipart/form-data"):
            recorded.form = await _form(request)
        else:
            recorded.body = _json(await request.body())
    except ClientDisconnect:
        recorded.end("client_left")
    return recorded


def _masked(name: str, value: str) -> str:
    if not name.endswith(_SECRETS):
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} ***" if space else "***"


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


async def _form(request: Request) -> Form:
    """The fields of a multipart body; none if it is malformed, so that its fields are reported missing."""
    try:
        async with request.form() as form:
            return {name: await _part(value) for name, value in form.multi_items()}
    except MultiPartException:
        return {}


async def _part(value: str | UploadFile) -> str | RecordedFile:
    if not isinstance(value, UploadFile):
        return value
    data = await value.read()
    digest = hashlib.sha256(data).hexdigest()
    return RecordedFile(value.filename or "", value.content_type or "", len(data), digest)
