"""`voice-agent identity-token`: a token as a website signs it, for trying accounts out."""

from __future__ import annotations

import time
from typing import Annotated

import jwt
import typer

from accounts.identity import ALGORITHM, MAX_SUBJECT_CHARS
from local.command_errors import configuration_errors, fail
from local.environment import local_settings

SECONDS = 3600


def identity_token(
    subject: Annotated[str, typer.Argument(help="The website's own id for the visitor.")],
    name: Annotated[str | None, typer.Option(help="What the agent may call the visitor.")] = None,
) -> None:
    """Print an identity token for a visitor, valid for an hour.

    It is signed with `IDENTITY_SECRET` from the environment or `.dev.vars`, so that you can try accounts out
    before your website signs tokens.
    """
    with configuration_errors():
        settings = local_settings()
    if not settings.identity_secret:
        fail("Set IDENTITY_SECRET, for example in .dev.vars. `openssl rand -hex 32` makes one.")
    if not subject.strip() or len(subject) > MAX_SUBJECT_CHARS:
        fail(f"The id must have 1 to {MAX_SUBJECT_CHARS} characters.")
    now = int(time.time())
    claims = {"sub": subject, "aud": settings.identity_audience, "iat": now, "exp": now + SECONDS}
    if name:
        claims["name"] = name
    typer.echo(jwt.encode(claims, settings.identity_secret[0].get_secret_value(), ALGORITHM))
