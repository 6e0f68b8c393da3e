"""Running a stand-in: in a thread for a while, or in the foreground until interrupted."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from local.serving import listen, serving_in_thread, url_of
from local.standin.app import StandIn
from local.standin.server import StandInServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.standin.behaviour import Behaviour

HOST = "127.0.0.1"


def echo_line(line: str) -> None:
    """Print `line` immediately, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def running_standin(standin: StandIn | None = None) -> Iterator[StandIn]:
    """Run a stand-in on a free port, in a thread, until the block ends; yields it.

    Set `OPENAI_BASE_URL` to its `base_url`; control calls start with its `control_url`. Connections that are
    still open at the end are closed.
    """
    standin = standin or StandIn()
    with listen(HOST) as listening:
        standin.serve_on(f"http://{HOST}:{listening.getsockname()[1]}")
        with serving_in_thread(StandInServer(standin), listening):
            yield standin


def run_standin(
    host: str = HOST,
    port: int = 8788,
    *,
    behaviour: Behaviour | None = None,
    echo: Callable[[str], None] = echo_line,
) -> None:
    """Run a stand-in until interrupted; port 0 takes a free port. `behaviour` applies from the start.

    `echo` is called with the stand-in's URL, then with a line for each request. Raises `OSError` if the
    address is unavailable.
    """
    standin = StandIn(log=echo)
    if behaviour:
        standin.behaviours.add(behaviour)

    def ready() -> None:
        echo(f"Stand-in OpenAI on {standin.base_url}")
        echo(f"Point the agent at it: OPENAI_BASE_URL={standin.base_url} OPENAI_API_KEY=stand-in")

    with listen(host, port) as listening, contextlib.suppress(KeyboardInterrupt):
        standin.serve_on(url_of(host, listening.getsockname()[1]))
        StandInServer(standin, ready).run([listening])
