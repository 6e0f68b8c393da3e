"""Workers of the bench's own, to try what the bench refuses."""
