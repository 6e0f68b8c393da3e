"""`voice-agent learn`, on websites that the tests serve themselves."""
