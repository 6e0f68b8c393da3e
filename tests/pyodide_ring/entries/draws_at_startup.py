"""A Worker that cannot start: it draws an identifier while it is imported."""

import uuid

from workers import WorkerEntrypoint

ISOLATE_ID = uuid.uuid4()


class Default(WorkerEntrypoint):
    """Never reached."""
