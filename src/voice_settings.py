"""The settings that say who listens and who speaks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from setting_types import HttpUrl, Secret, Word, Words  # noqa: TC001 - pydantic resolves annotations at run time


class VoiceSettings(BaseModel):
    """Part of `Settings`."""

    voice: Annotated[
        Literal["auto", "openai", "workers-ai", "browser"],
        Field(
            description="Who listens and speaks. `auto` takes the first of these that is there, and the next "
            "one while it fails: a server that speaks OpenAI's protocol (`openai`), Cloudflare's Workers AI "
            "(`workers-ai`, the binding `AI`), the visitor's own browser (`browser`). Any other value "
            "takes only that one."
        ),
    ] = "auto"
    openai_transcribe_model: Annotated[
        Word, Field(min_length=1, description="Model that transcribes what visitors say.")
    ] = "gpt-transcribe"
    openai_speech_model: Annotated[
        Word, Field(min_length=1, description="Model that reads answers aloud.")
    ] = "gpt-4o-mini-tts"
    openai_speech_base_url: Annotated[
        HttpUrl | None,
        Field(
            description="Base URL of another server for speech, because OpenAI's own `/audio/speech` shuts "
            "down on 2027-01-06. Without `OPENAI_API_KEY` it transcribes as well. If empty, "
            "`OPENAI_BASE_URL` is used.",
        ),
    ] = None
    openai_speech_api_key: Annotated[
        Secret | None,
        Field(description="API key for `OPENAI_SPEECH_BASE_URL`, if that server checks one."),
    ] = None
    openai_voices: Annotated[
        Words,
        Field(
            min_length=1, description="Voices a page may choose from, comma-separated, default voice first."
        ),
    ] = ("alloy", "ash", "coral", "nova", "sage", "shimmer")
    workers_ai_model: Annotated[
        Word,
        Field(
            min_length=1,
            description="Model of Workers AI that answers, if `AI` is bound and there is no "
            "`OPENAI_API_KEY`.",
        ),
    ] = "@cf/google/gemma-4-26b-a4b-it"
    workers_ai_transcribe_model: Annotated[
        Word, Field(min_length=1, description="Model of Workers AI that transcribes.")
    ] = "@cf/openai/whisper-large-v3-turbo"
    workers_ai_speech_model: Annotated[
        Word,
        Field(
            min_length=1,
            description="Model of Workers AI that speaks: MeloTTS, or one of Deepgram's "
            "(`@cf/deepgram/aura-1`), which costs 70 times as much.",
        ),
    ] = "@cf/myshell-ai/melotts"
    workers_ai_voices: Annotated[
        Words,
        Field(min_length=1, description="Voices of Deepgram's models, default voice first."),
    ] = ("luna", "asteria", "athena", "hera", "orion", "arcas")
