"""The settings about visitors: whom the agent knows, what it keeps of them, and what it tells them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from setting_types import (  # noqa: TC001 - pydantic resolves annotations at run time
    IdentitySecrets,
    PageUrl,
    Word,
)


class AccountSettings(BaseModel):
    """Part of `Settings`."""

    identity_secret: Annotated[
        IdentitySecrets,
        Field(
            description="Secret with which your website signs who a visitor is, of at least 32 characters; "
            "needs the binding `VOICE_DB`. Several, comma-separated, while you "
            "replace one: the new one first.",
        ),
    ] = ()
    identity_audience: Annotated[
        Word,
        Field(
            min_length=1,
            max_length=200,
            description="What identity tokens have to name as their `aud`. Agents that share a secret need "
            "different ones.",
        ),
    ] = "voice-agent"
    history_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            description="Days for which the conversation of a known visitor is kept after its last question.",
        ),
    ] = 30
    privacy_url: Annotated[
        PageUrl | None,
        Field(description="Address of your privacy policy, which the widget links to."),
    ] = None
    consent: Annotated[
        Literal["ask", "none"],
        Field(
            description="`ask` makes the widget ask visitors before anything is sent or stored, and before "
            "it uses the microphone; `none` only tells them what is kept."
        ),
    ] = "none"
