"""The owner's documents."""
