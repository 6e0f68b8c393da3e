"""Sessions: the models, the storage protocol, and the store on Workers KV."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ConversationMessage(BaseModel):
    """One message: who said it, what, and when (UTC). Its place in the list is its order."""

    model_config = ConfigDict(frozen=True)

    role: Literal["user", "assistant"]
    content: str
    timestamp: datetime
