"""A real HTTP server on this machine that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.time)


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


class LocalServer:
    """`answer` is called with each request; `asked` holds them all in order."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                params = dict(parse_qsl(parts.query, keep_blank_values=True))
                asked = Asked(self.command, parts.path, params, dict(self.headers.items()), body)
                server.asked.append(asked)
                answer = server.answer(asked)
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                if "Transfer-Encoding" not in answer.headers:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST = do_PUT = do_DELETE = handle_one  # noqa: N815  (the standard library's names)

            def log_message(self, *args: object) -> None:
                """Silence: what was asked is in `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator[LocalServer]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


@contextmanager
def serving(answer: Callable[[Asked], Answer] | Answer | list[Answer]) -> Iterator[LocalServer]:
    """A running server: one answer for everything, a list of answers in turn (the last for the rest), or a function."""
    if isinstance(answer, Answer):
        fixed = answer
        chosen: Callable[[Asked], Answer] = lambda asked: fixed  # noqa: E731
    elif isinstance(answer, list):
        queue = list(answer)
        chosen = lambda asked: queue.pop(0) if len(queue) > 1 else queue[0]  # noqa: E731
    else:
        chosen = answer
    with LocalServer(chosen).running() as server:
        yield server
