"""Starting and stopping a stand-in."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import httpx2
import pytest

from local.standin import running_standin
from tests.openai_standin.asking import KEY, QUESTION


def test_stopping_ends_a_stall_and_the_thread() -> None:
    before = set(threading.enumerate())
    with httpx2.Client() as http:
        with running_standin() as standin:
            standin.behave(stall_after=0)
            request = http.build_request(
                "POST", f"{standin.base_url}/chat/completions", json=QUESTION, headers=KEY
            )
            response = http.send(request, stream=True)
        with pytest.raises(httpx2.RemoteProtocolError):
            response.read()
    assert standin.requests[0].outcome == "stopped"
    assert set(threading.enumerate()) <= before


def test_command_prints_its_url_and_stops_on_ctrl_c() -> None:
    command = [sys.executable, "-c", "from local.standin import run_standin; run_standin(port=0)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Stand-in OpenAI on http://localhost:")
        assert process.stdout.readline().startswith(
            "Point the agent at it: OPENAI_BASE_URL=http://localhost:"
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
