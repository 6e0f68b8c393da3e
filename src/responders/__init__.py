"""What answers a question."""
