"""The clips of `python -m bench vad`: what is said in them, in which noise, and what is true of each."""
