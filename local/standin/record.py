"""What the stand-in was sent, and what became of it."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from local.standin.audio import FilePart

if TYPE_CHECKING:
    from starlette.requests import Request

Outcome = Literal["running", "sent", "cut", "client_left", "stopped"]
_SECRETS = ("authorization", "api-key", "cookie")


@dataclass(slots=True)
class RecordedRequest:
    """One request: `body` is its JSON, `form` its multipart fields (of two with one name the last)."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case; keys and cookies are masked."""
    body: Any = None
    form: dict[str, str | FilePart] | None = None
    status: int | None = None
    """The status of the answer, as far as it came to one."""
    outcome: Outcome = "running"
    """'sent': all of the answer went out, be it a refusal; 'cut': the stand-in broke it off as it was told;
    'client_left': the client closed the connection before that; 'stopped': the stand-in shut down."""
    _over: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def client_left(self) -> bool:
        """Whether the client went away before the end."""
        return self.outcome == "client_left"

    def end(self, outcome: Outcome) -> None:
        """Say what became of the request."""
        self.outcome = outcome
        self._over.set()

    def wait_until_over(self, timeout: float = 10.0) -> Outcome:
        """Block until the request has ended, at most `timeout` seconds, and give its outcome.

        Raises TimeoutError where it is still running then.
        """
        if not self._over.wait(timeout):
            message = f"{self.method} {self.path} is still running after {timeout} s."
            raise TimeoutError(message)
        return self.outcome

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        form = (self.form or {}).items()
        return {
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body": self.body,
            "form": {k: v.as_json() if isinstance(v, FilePart) else v for k, v in form} or None,
            "status": self.status,
            "outcome": self.outcome,
        }


async def read_request(request: Request) -> RecordedRequest:
    """Read all of `request`. Where the client leaves before its body has arrived, the outcome says so."""
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


async def _form(request: Request) -> dict[str, str | FilePart]:
    """The fields of a multipart body; none where it cannot be read, so that they are found missing."""
    try:
        async with request.form() as form:
            return {name: await _part(value) for name, value in form.multi_items()}
    except MultiPartException:
        return {}


async def _part(value: str | UploadFile) -> str | FilePart:
    if not isinstance(value, UploadFile):
        return value
    data = await value.read()
    digest = hashlib.sha256(data).hexdigest()
    return FilePart(value.filename or "", value.content_type or "", len(data), digest)
