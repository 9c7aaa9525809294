"""The door before the questions, which newcomers pass one by one."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from loops import run_apart

from qa.errors import TurnedAwayError
from qa.server.door import Door, DoorMiddleware
from qa.server.returning import ReturningMiddleware

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

NEVER = 3600.0  # seconds that the door stays shut where nobody else is to pass in a test
BURST = 50


class Server:
    """A server behind the door, which notes who was let in, and what the others were told."""

    def __init__(self, door: Door) -> None:
        self.let_in: list[int] = []
        self.told: list[tuple[int, dict[str, str], Any]] = []
        self.counted: list[str] = []
        self._app = ReturningMiddleware(DoorMiddleware(self._answer, door, self.counted.append))

    async def ask(self, client: tuple[str, int], path: str = "/api/ask") -> None:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": path, "headers": [], "query_string": b"", "client": client, "method": "POST"}
        await self._app(scope, self._nothing, send)
        if sent:
            headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
            self.told.append((sent[0]["status"], headers, json.loads(sent[1]["body"])))

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        self.let_in.append(scope["client"][1])

    async def _nothing(self) -> Any:
        raise AssertionError("The door does not read.")


def connection(port: int) -> tuple[str, int]:
    """Makes the address of a new connection, which is not the same as that of an earlier one from the same port."""
    return ("203.0.113.7", port)  # built anew by each call


def run(story: Callable[[], Awaitable[None]]) -> None:
    run_apart(story())  # type: ignore[arg-type]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_burst_of_newcomers_from_one_address_is_let_in_in_order() -> None:
    async def story() -> None:
        server = Server(Door(length=BURST, shut_seconds=0.0))
        await asyncio.gather(*(server.ask(connection(port)) for port in range(1, BURST + 1)))
        assert server.let_in == list(range(1, BURST + 1))
        assert server.told == []

    run(story)


def test_who_has_been_answered_before_passes_a_crowd_of_newcomers() -> None:
    async def story() -> None:
        server = Server(Door(length=BURST, shut_seconds=NEVER))
        reader = connection(1)
        await server.ask(reader)
        crowd = [asyncio.create_task(server.ask(connection(port))) for port in range(2, BURST)]
        await settle()
        await server.ask(reader)
        assert server.let_in == [1, 1]
        for task in crowd:
            task.cancel()

    run(story)


def test_another_connection_from_a_port_that_was_used_before_is_a_newcomer() -> None:
    async def story() -> None:
        server = Server(Door(length=BURST, shut_seconds=NEVER))
        await server.ask(connection(1))
        again = asyncio.create_task(server.ask(connection(1)))
        await settle()
        assert server.let_in == [1]
        again.cancel()

    run(story)


def test_a_client_of_a_proxy_which_gives_no_port_is_known_by_its_address() -> None:
    async def story() -> None:
        server = Server(Door(length=BURST, shut_seconds=NEVER))
        await server.ask(connection(0))
        await server.ask(connection(0))
        assert server.let_in == [0, 0]

    run(story)


def test_when_too_many_wait_the_oldest_is_told_when_to_come_back() -> None:
    async def story() -> None:
        server = Server(Door(length=2, shut_seconds=NEVER))
        crowd = [asyncio.create_task(server.ask(connection(port), "/v1/chat/completions")) for port in range(1, 5)]
        await settle()
        assert server.let_in == [1]
        ((status, headers, body),) = server.told
        assert (status, headers["retry-after"], body["error"]["type"]) == (503, "5", "server_error")
        assert server.counted == ["openai"]
        for task in crowd:
            task.cancel()

    run(story)


def test_what_costs_little_does_not_wait_at_the_door() -> None:
    async def story() -> None:
        server = Server(Door(length=1, shut_seconds=NEVER))
        for port in range(1, 4):
            await server.ask(connection(port), "/api/articles")
        assert server.let_in == [1, 2, 3]

    run(story)


def test_who_gives_up_at_the_door_is_passed_over() -> None:
    async def story() -> None:
        door = Door(length=3, shut_seconds=0.01)
        await door.enter()
        leaving, staying = (asyncio.create_task(door.enter()) for _ in range(2))
        await settle()
        leaving.cancel()
        await staying

    run(story)


def test_the_door_says_why_it_turns_away() -> None:
    async def story() -> None:
        door = Door(length=1, shut_seconds=NEVER)
        await door.enter()
        first, second = (asyncio.create_task(door.enter()) for _ in range(2))
        await settle()
        assert isinstance(first.exception(), TurnedAwayError)
        assert not second.done()
        second.cancel()

    run(story)
