"""The settings that say who may use the agent, and how much."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from setting_types import (  # noqa: TC001 - pydantic resolves annotations at run time
    AmountPerPeriod,
    Origins,
    RateLimit,
    SigningSecret,
    TurnstileSecret,
    Word,
)


class AccessSettings(BaseModel):
    """Part of `Settings`."""

    allowed_origins: Annotated[
        Origins,
        Field(
            description="Other websites whose pages may use this agent, comma-separated; "
            "`https://*.example.com` allows all subdomains, `*` all websites. If empty, only pages of the "
            "same origin may."
        ),
    ] = ()
    rate_limit: Annotated[
        RateLimit,
        Field(
            description="`LIMIT/PERIOD` allows LIMIT calls per PERIOD seconds for each session and each "
            "client (`20/60`); `off` for no limit, or on Cloudflare for 30/60. Ignored if there is a "
            "`RATE_LIMITER` binding.",
        ),
    ] = "off"
    speech_budget: Annotated[
        AmountPerPeriod,
        Field(
            description="`CHARACTERS/PERIOD` that one session may have spoken in PERIOD seconds, and one "
            "client five times as many; `off` for no budget."
        ),
    ] = "40000/3600"
    recording_budget: Annotated[
        AmountPerPeriod,
        Field(
            description="`SECONDS/PERIOD` of recordings that one session may have transcribed in PERIOD "
            "seconds, and one client five times as many; `off` for no budget."
        ),
    ] = "600/3600"
    turnstile_site_key: Annotated[
        Word | None,
        Field(description="Public key of a Turnstile widget, with which pages check their visitors."),
    ] = None
    turnstile_secret: Annotated[
        TurnstileSecret,
        Field(
            validate_default=True,
            description="Secret of the same Turnstile widget. If set, every session has to be checked before "
            "its first question.",
        ),
    ] = None
    signing_secret: Annotated[
        SigningSecret | None,
        Field(
            description="Secret that signs what visitors are handed to bring back. If empty, it is derived "
            "from `OPENAI_API_KEY`: set it if that key is easy to guess. Without either, each isolate makes "
            "up its own, and what reaches another one may have to be spoken by the browser.",
        ),
    ] = None
