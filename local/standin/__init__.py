"""The stand-in: a local server that plays OpenAI. docs/openai-standin.md explains how to use it."""

from local.standin.app import StandIn
from local.standin.behaviour import Behaviour
from local.standin.record import RecordedRequest
from local.standin.running import run_standin, running_standin
from local.standin.tokens import tokens
from local.standin.tones import SAMPLE_RATE, samples

__all__ = [
    "SAMPLE_RATE",
    "Behaviour",
    "RecordedRequest",
    "StandIn",
    "run_standin",
    "running_standin",
    "samples",
    "tokens",
]
