"""Web, worker and bot of one machine under honcho, as `make run` starts them."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any, cast

from honcho.manager import Manager

READY_WITHIN_S = 90
ASK_EVERY_S = 0.3
ASKED_TO_STOP = {130, 143}  # honcho's status after SIGINT and SIGTERM


def port_is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class PatientManager(Manager):
    """honcho kills after five seconds what has not stopped; a running job may take minutes, and ends by itself."""

    has_said_so = False

    def kill(self) -> None:
        if not self.has_said_so:
            self._system_print("waiting for running jobs to finish\n")
        self.has_said_so = True


def run_all(commands: Mapping[str, str], *, host: str, port: int, site_host: str, address: str) -> int:
    """Run `commands` by name until one ends or a signal comes: 0 after a signal, else what the first one ended with."""
    manager = PatientManager()
    for name, command in commands.items():
        manager.add_process(name, command, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # the terminal was closed
    announcer = threading.Thread(target=announce, args=(host, port, site_host, address), daemon=True)
    announcer.start()
    manager.loop()
    return 0 if manager.returncode in ASKED_TO_STOP else cast(int, manager.returncode)


def announce(host: str, port: int, site_host: str, address: str) -> None:
    """Print the address once the site answers that it is ready; after a while, what it still waits for."""
    deadline = time.monotonic() + READY_WITHIN_S
    problems = ["The web process does not answer."]
    while time.monotonic() < deadline:
        time.sleep(ASK_EVERY_S)
        status, answer = ask_ready(host, port, site_host)
        if status == 200:
            say(f"\nSidetrack is ready: {address}\n")
            return
        problems = answer.get("problems", problems)
    say(
        "\n".join(["\nSidetrack is not ready yet:", *(f"  {problem}" for problem in problems), f"It is at {address}\n"])
    )


def ask_ready(host: str, port: int, site_host: str) -> tuple[int, dict[str, Any]]:
    """The status and answer of /ready; 0 while nothing answers."""
    connection = HTTPConnection(host if host not in {"0.0.0.0", "::"} else "127.0.0.1", port, timeout=5)  # noqa: S104
    try:
        connection.request("GET", "/ready", headers={"Host": site_host})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, ValueError):
        return 0, {}
    finally:
        connection.close()


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
