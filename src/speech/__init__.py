"""Speech recognition and synthesis."""
