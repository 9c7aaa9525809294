"""Pictures of each state of a page, for the eye, and what axe finds in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Opened

__all__ = ["PICTURES", "Album"]

PICTURES = Path(__file__).parents[1] / "screenshots"
SETTLED_MS = 400  # until nothing moves any more


class Album:
    """Takes a picture of each state, and has axe look at the page, or at the frames that `frames_in` names."""

    def __init__(self, page: Opened, name: str, frames_in: Callable[[Opened, str], list[Any]] | None = None) -> None:
        self.page = page
        self.name = name
        self.faults: list[str] = []
        self._frames_in = frames_in or (lambda page, _: [page.main_frame])

    def take(self, state: str) -> None:
        self.page.wait_for_timeout(SETTLED_MS)
        PICTURES.mkdir(exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{state}-{self.name}.png")
        self.faults += [f"{state}: {fault}" for frame in self._frames_in(self.page, state) for fault in _axe(frame)]


def _axe(frame: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(frame, options={"resultTypes": ["violations"], "iframes": False}).response["violations"]
    return [f"{fault['id']} {[node['html'][:160] for node in fault['nodes']]}" for fault in found]
