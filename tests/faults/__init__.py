"""The faults of docs/faults.md, each reproduced against the whole API and compared with its row."""
