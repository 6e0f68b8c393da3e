"""The stand-in, through the real `openai` package and, where that hides details, through plain HTTP."""
