"""Imports `openai` while the Worker starts, where the runtime refuses randomness.

`openai/lib/bedrock.py` asks for random bytes as it is imported, and everything that is imported before the
first request is kept in a memory snapshot, in which random bytes would be the same everywhere. So the
runtime refuses, unless it is told how many calls are harmless. This one is: it makes a default value for
Amazon Bedrock, which we never use. See docs/decisions/0002-openai-at-start-up.md.
"""

from _cloudflare.allow_entropy import allow_bad_entropy_calls

with allow_bad_entropy_calls(1):
    import openai  # noqa: F401
