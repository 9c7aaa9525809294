"""A service with OpenAI's chat interface that says what a test tells it to, over real HTTP, well or badly."""

from __future__ import annotations

import contextlib
import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Reply", "Script", "ScriptedModel", "evidence_in", "running", "saying"]

PIECE_CHARS = 3  # about a token


class Reply:
    """One answer under way; `prompt` is all that was sent."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: dict[str, Any], left: threading.Event) -> None:
        self.request = request
        self.prompt = "\n".join(message["content"] for message in request["messages"])
        self._handler = handler
        self._left = left
        self._started = False

    def fail(self, status: int) -> None:
        """Answers with an error that must not reach a reader."""
        body = b'{"error": {"message": "secret-detail of the service", "type": "server_error"}}'
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(body)))
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def say(self, text: str, seconds: float = 0.0) -> None:
        """Streams a text in small pieces, waiting before each."""
        for at in range(0, len(text), PIECE_CHARS):
            self.wait(seconds)
            self.delta({"content": text[at : at + PIECE_CHARS]})

    def delta(self, delta: dict[str, Any], reason: str | None = None) -> None:
        """Streams one chunk."""
        self.event({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})  # fmt: skip

    def event(self, data: dict[str, Any]) -> None:
        """Streams any JSON."""
        self.raw(f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode())

    def raw(self, data: bytes) -> None:
        """Streams bytes as they are."""
        if not self._started:
            self._started = True
            self._handler.send_response(200)
            self._handler.send_header("Content-Type", "text/event-stream")
            self._handler.send_header("Transfer-Encoding", "chunked")
            self._handler.end_headers()
        self._handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self._handler.wfile.flush()

    def end(self, reason: str = "stop") -> None:
        """Ends in good order."""
        self.delta({}, reason)
        usage = {"prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340}
        self.event({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [],
                    "usage": usage})  # fmt: skip
        self.raw(b"data: [DONE]\n\n")
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """Drops the connection in the middle."""
        self._handler.close_connection = True
        self._handler.connection.shutdown(socket.SHUT_RDWR)

    def wait(self, seconds: float) -> None:
        """Waits, and raises when the client leaves meanwhile."""
        until = time.monotonic() + seconds
        while (rest := until - time.monotonic()) > 0:
            if select.select([self._handler.connection], [], [], min(rest, 0.02))[0]:
                if not self._handler.connection.recv(1, socket.MSG_PEEK):
                    raise BrokenPipeError
                time.sleep(0.02)

    def complete(self, text: str) -> None:
        """Answers a request that asked for no stream."""
        message = {"role": "assistant", "content": text}
        body = json.dumps(
            {"id": "x", "object": "chat.completion", "created": 1, "model": "scripted",
             "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        ).encode()  # fmt: skip
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(body)))
        self._handler.end_headers()
        self._handler.wfile.write(body)


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Keeps still: clients that go away are what is tested."""


Script = Callable[[Reply], None]


class ScriptedModel:
    """The running service: `script` is what it does, `replies` what it was asked, `left` that a client went away."""

    def __init__(self) -> None:
        self.script: Script = saying("沒有答案。")
        self.replies: list[Reply] = []
        self.left = threading.Event()
        self.left_at = 0.0
        self.authorizations: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Handles one request as the script says."""
        request = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.authorizations.append(handler.headers["Authorization"])
        reply = Reply(handler, request, self.left)
        self.replies.append(reply)
        try:
            self.script(reply)
        except OSError:
            self.left_at = time.monotonic()
            self.left.set()
            handler.close_connection = True

    def does(self, script: Script) -> None:
        """Takes another script, and forgets what happened."""
        self.script, self.replies = script, []
        self.left.clear()

    def start(self) -> None:
        """Serves from a thread."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def running() -> Iterator[ScriptedModel]:
    """Runs a service on a free port of this machine."""
    model = ScriptedModel()
    model.start()
    try:
        yield model
    finally:
        model.stop()


def saying(text: str | Callable[[str], str], seconds: float = 0.0) -> Script:
    """Makes a script that says a text in good order, or what a function makes of the prompt."""

    def script(reply: Reply) -> None:
        said = text if isinstance(text, str) else text(reply.prompt)
        if not reply.request.get("stream"):
            reply.complete(said)
            return
        reply.delta({"role": "assistant", "content": ""})
        reply.say(said, seconds)
        reply.end()

    return script


def evidence_in(prompt: str) -> dict[int, str]:
    """Reads the numbered sentences out of a prompt, without their dates and headlines."""
    lines = re.findall(r"^\[(\d+)\] (?:\([^)]*》\) |\([\d-]+\) )?(.+)$", prompt, re.MULTILINE)
    return {int(number): text for number, text in lines}
