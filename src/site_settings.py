"""The settings about the owner's business: how to contact it, and what time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, Field

from setting_types import (  # noqa: TC001 - pydantic resolves annotations at run time
    EmailAddress,
    PageUrl,
    PhoneNumber,
    Word,
)


@dataclass(frozen=True, slots=True)
class Contact:
    """How visitors reach the owner: each is None if there is none."""

    email: str | None = None
    phone: str | None = None
    url: str | None = None


class SiteSettings(BaseModel):
    """Part of `Settings`."""

    contact_email: Annotated[
        EmailAddress | None,
        Field(description="E-mail address that visitors are offered when the agent has no answer."),
    ] = None
    contact_phone: Annotated[
        PhoneNumber | None,
        Field(description="Telephone number that visitors are offered then, such as `+49 30 1234567`."),
    ] = None
    contact_url: Annotated[
        PageUrl | None,
        Field(description="Address of a page for contacting you, such as one with a form, offered then too."),
    ] = None
    timezone: Annotated[
        Word,
        Field(
            max_length=64,
            description="Time zone of your business, such as `Europe/Berlin`, so that the agent knows what "
            "day and what time it is there.",
        ),
    ] = "UTC"

    @property
    def contact(self) -> Contact:
        """How visitors reach the owner."""
        return Contact(self.contact_email, self.contact_phone, self.contact_url)
