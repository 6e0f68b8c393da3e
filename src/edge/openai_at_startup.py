"""Imports `openai` while the Worker starts, when the runtime refuses randomness.

`openai/lib/bedrock.py` asks for random bytes on import. Whatever is imported before the first request is
kept in a memory snapshot, in which random bytes would be the same everywhere, so the runtime refuses them
unless it is told how many calls are harmless. This one is: the bytes mark a configuration for Amazon
Bedrock, which we never use. See docs/decisions/0002-openai-at-start-up.md.
"""

from _cloudflare.allow_entropy import allow_bad_entropy_calls

with allow_bad_entropy_calls(1):
    import openai  # noqa: F401 - for its effect
