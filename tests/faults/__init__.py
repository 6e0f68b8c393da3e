"""Every fault with its answer: the table of docs/faults.md, walked row by row."""
