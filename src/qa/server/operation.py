"""For whoever runs the server: is it up, can it answer, and how does it do."""

from __future__ import annotations

import ipaddress
import logging
import time
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from qa.legs import legs_that_find
from qa.server.callers import BEARER, has_token
from qa.server.metrics import METRICS_TYPE
from qa.server.refusals import Refusal

if TYPE_CHECKING:
    from qa.index import Generation
    from qa.server.desk import Desk

__all__ = ["Readiness", "operation_routes"]

logger = logging.getLogger(__name__)

READY: dict[int | str, dict[str, Any]] = {503: {"description": "Questions cannot be answered."}}
METRICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
    404: {"model": Refusal, "description": "Not from this machine, and no token."},
}
LOOK_AGAIN_SECONDS = 30.0  # a look costs a search; who asks more often is told what was found last


class Readiness:
    """Looks whether each leg of retrieval finds a known article; a look is remembered for a while."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked_at: Generation | None = None
        self._looked = float("-inf")
        self._legs: dict[str, bool] = {}

    def report(self) -> dict[str, Any]:
        """Returns the status, the generation that serves, and what each leg finds."""
        generation = self._desk.engine.generation()
        if generation is not self._looked_at or time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._legs = legs_that_find(self._desk.engine)
            self._looked_at, self._looked = generation, time.monotonic()
        return {
            "status": "ok" if all(self._legs.values()) else "unavailable",
            "generation": generation.folder.name if generation.folder else "in memory",
            "built": generation.manifest.get("built"),
            "articles": generation.manifest.get("articles"),
            "legs": {leg: "ok" if finds else "finds nothing" for leg, finds in self._legs.items()},
        }


def operation_routes(desk: Desk) -> APIRouter:
    """Makes `/health/live`, `/health/ready` and `/metrics`."""
    routes = APIRouter(tags=["operation"])
    readiness = Readiness(desk)

    @routes.get("/health/live")
    def live() -> dict[str, str]:
        """Says that the server runs."""
        return {"status": "ok"}

    @routes.get("/health/ready", response_model=None, responses=READY)
    async def ready() -> JSONResponse:
        """Says whether questions can be answered, from which generation of the index, and which legs find."""
        try:
            report = await run_in_threadpool(readiness.report)
        except Exception:
            logger.exception("Not ready")
            report = {"status": "unavailable"}
        return JSONResponse(report, 200 if report["status"] == "ok" else 503)

    @routes.get("/metrics", response_model=None, responses=METRICS, dependencies=[BEARER])
    async def metrics(request: Request) -> Response:
        """Counts and times, for Prometheus on this machine or with a token."""
        if not _is_local(request) and not has_token(request, desk.engine.settings):
            raise HTTPException(404)
        return Response(desk.metrics.text(), media_type=METRICS_TYPE)

    return routes


def _is_local(request: Request) -> bool:
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
