"""The stand-in OpenAI server, through the real `openai` package and, where that hides things, raw HTTP."""
