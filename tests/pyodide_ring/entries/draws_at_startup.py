"""A Worker that cannot start, because it generates a UUID while it is imported."""

import uuid

from workers import WorkerEntrypoint

ISOLATE_ID = uuid.uuid4()


class Default(WorkerEntrypoint):
    """Never reached."""
