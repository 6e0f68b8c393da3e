"""What an answer rests on: notes, sources, and what is unsupported."""
