"""Server-sent events, as model servers stream them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class EventReader:
    """Cuts a stream of bytes into the data of its server-sent events, wherever the network split it.

    `rest` is the beginning of a line and `lines` the data of an event that are not complete yet.
    """

    rest: bytes = b""
    lines: list[bytes] = field(default_factory=list)

    def feed(self, chunk: bytes | memoryview) -> list[bytes]:
        """The data of each event that `chunk` completes.

        As the standard asks, comments, other fields than `data` and events without data are ignored.
        """
        *complete, self.rest = (self.rest + chunk).split(b"\n")
        events = []
        for ended in complete:
            line = ended.removesuffix(b"\r")
            if line.startswith(b"data:"):
                self.lines.append(line[5:].removeprefix(b" "))
            elif not line and self.lines:
                events.append(b"\n".join(self.lines))
                self.lines = []
        return events
