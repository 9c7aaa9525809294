"""Listening on the network until told to stop."""

from __future__ import annotations

import contextlib
import errno
import logging
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from qa.errors import QAError, ServerError
from qa.index import follow
from qa.server.app import create_app
from qa.server.questionlog import log_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.engine import Engine
    from qa.index import Outcome
    from qa.settings import Settings

__all__ = ["check_address", "serve"]

logger = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 10  # for answers that are under way
FOLLOWER = "qa-articles"  # the name of the thread that follows them
BACKLOG = 2048  # connections that wait to be accepted; more than come at once
SWITCH_SECONDS = 0.0005  # that computing keeps the interpreter from the event loop; Python's own is 5 ms
OPEN_FILES = 65536  # a connection is one; systems allow 1024 to begin with


def serve(
    settings: Settings,
    engine: Engine,
    on_ready: Callable[[str], None] | None = None,
    on_index: Callable[[Outcome], None] | None = None,
    known: Outcome | None = None,
) -> None:
    """Serves the chat page until SIGTERM or ctrl-C; to be called in the main thread.

    `on_ready` is called with the page's address once it can be opened. Unless the settings say otherwise the index
    follows the articles meanwhile: `on_index` gets what came of each build but `known`, from another thread.

    Raises:
        ServerError: the address cannot be listened on, or the log cannot be written.
    """
    listener = _listen(settings.host, settings.port)
    with contextlib.closing(listener), _following(settings, engine, on_index or _log, known):
        log_to(settings)
        _allow_many_connections()
        sys.setswitchinterval(SWITCH_SECONDS)
        config = uvicorn.Config(
            create_app(engine),
            workers=1,  # Gradio keeps its queue in memory
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        _run(_Server(config, lambda: on_ready and on_ready(_address(settings))), listener)


def check_address(settings: Settings) -> None:
    """Tries to listen, and stops at once.

    Raises:
        ServerError: the address cannot be listened on.
    """
    _listen(settings.host, settings.port).close()


@contextlib.contextmanager
def _following(
    settings: Settings, engine: Engine, tell: Callable[[Outcome], None], known: Outcome | None
) -> Iterator[None]:
    """Follows the articles in a thread of its own; a build that is under way when the server ends is given up."""
    if settings.watch == "off" or engine.in_memory:
        yield
        return
    stop = threading.Event()
    steps = (settings, engine.refresh, tell, stop, known)
    follower = threading.Thread(target=follow, args=steps, name=FOLLOWER, daemon=True)
    follower.start()
    try:
        yield
    finally:
        stop.set()
        follower.join(SHUTDOWN_SECONDS)


def _log(outcome: Outcome) -> None:
    logger.log(logging.WARNING if isinstance(outcome, QAError) else logging.INFO, "%s", outcome)


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def _allow_many_connections() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on Windows, and not everywhere allowed
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise ServerError(_explain(error, host, port)) from error


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken. Choose another with --port or QA_PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} may not be used by this user. Choose one over 1023 with --port or QA_PORT."
    return f"Cannot listen on {host!r}: {error.strerror}. Choose another address with --host or QA_HOST."


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    # uvicorn raises the signal again after it has shut down; both are to end in a plain return.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}/"
