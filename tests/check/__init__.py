"""`voice-agent check`: the owner's questions and what becomes of them."""
