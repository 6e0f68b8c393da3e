"""What an answer rests on: the note in which a model says so, the sources, and what no passage supports."""
