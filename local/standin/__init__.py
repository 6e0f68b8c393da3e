"""The parts of the stand-in OpenAI server."""
