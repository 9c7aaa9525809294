"""The door for programs that speak the Model Context Protocol: `ask`, `search` and `read_article` at `/mcp`."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent
from starlette.responses import JSONResponse
from starlette.routing import Route

from qa.errors import QuestionError, TurnedAwayError
from qa.interchange import to_json
from qa.server.api import MAX_HITS, excerpts
from qa.server.asked import Asked, Language
from qa.server.callers import admit
from qa.server.view import article_view
from qa.wording import wording

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from starlette.types import Receive, Scope, Send

    from qa.records import Answer, Citation
    from qa.server.desk import Caller, Desk

__all__ = ["PATH", "Tools"]

PATH = "/mcp"
INSTRUCTIONS = (
    "Answers questions from one publisher's articles with verbatim quotes, or says that the articles do not answer. "
    "Name the title and address of the articles that are quoted."
)


class Tools:
    """An MCP server over the desk, without sessions: each request stands alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        server = MCPServer("qa", instructions=INSTRUCTIONS, log_level="WARNING")
        for tool in (self.ask, self.search, self.read_article):
            server.add_tool(tool)
        # Origins are the guard's to look at.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
        self._sessions = server.session_manager
        self._app = StreamableHTTPASGIApp(self._sessions)

    def route(self) -> Route:
        """Returns the route; there are no streams to open by GET, as each request is answered at once."""
        return Route(PATH, endpoint=self._Door(self), methods=["POST"])

    def running(self) -> AbstractAsyncContextManager[None]:
        """Returns what must be entered while the server runs, once."""
        return self._sessions.run()

    async def ask(
        self, question: str, context: Context[Any, Any], article_id: str | None = None, language: Language | None = None
    ) -> CallToolResult:
        """Answers a question from the articles with verbatim quotes and their sources, or says that they do not."""
        asked = Asked(question=question, article_id=article_id, language=language)
        try:
            answer = await self._desk.ask(asked, self._caller(context))
        except (QuestionError, TurnedAwayError) as error:
            raise ToolError(_said(error, language)) from error
        return _result(_written(answer), to_json(answer))

    async def search(
        self, question: str, context: Context[Any, Any], top_k: int = 10, article_id: str | None = None
    ) -> CallToolResult:
        """Finds the passages nearest to a question, best first, each as an excerpt with its place in its article."""
        try:
            most = max(1, min(top_k, MAX_HITS))
            hits = await self._desk.search(question, most, article_id, self._caller(context))
        except (QuestionError, TurnedAwayError) as error:
            raise ToolError(_said(error, None)) from error
        shown = to_json(hits if self._desk.engine.settings.whole_articles == "on" else excerpts(hits))
        return _result(json.dumps(shown, ensure_ascii=False), {"hits": shown})

    async def read_article(self, article_id: str) -> CallToolResult:
        """Opens an article by its id: how it begins, or whole where the publisher gives it away."""
        generation = await asyncio.to_thread(self._desk.engine.generation)
        try:
            article = generation.catalogue.article(article_id)
        except KeyError:
            raise ToolError(f"No article has the id {article_id[:100]!r}.") from None
        view = article_view(article, whole=self._desk.engine.settings.whole_articles == "on")
        return _result("\n\n".join([view["title"], *(part["text"] for part in view["paragraphs"])]), view)

    def _caller(self, context: Context[Any, Any]) -> Caller:
        request: Any = context.request_context.request  # the SDK hands over Starlette's
        return admit("mcp", request, self._desk.engine.settings, pages_too=False)

    class _Door:
        """Lets in who may ask."""

        def __init__(self, tools: Tools) -> None:
            self._tools = tools

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            try:
                admit("mcp", Request(scope), self._tools._desk.engine.settings, pages_too=False)
            except HTTPException as error:
                refusal = JSONResponse({"detail": error.detail}, error.status_code, error.headers)
                await refusal(scope, receive, send)
                return
            await self._tools._app(scope, receive, send)


def _result(text: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def _written(answer: Answer) -> str:
    """Writes an answer with its sources below, for a model to read."""
    return "\n\n".join([answer.text, *(_source(citation) for citation in answer.citations)])


def _source(citation: Citation) -> str:
    day = citation.published.isoformat() if citation.published else None
    about = [citation.title, citation.source, citation.author, day, citation.url]
    return f"[{citation.n}] {', '.join(filter(None, about))} ({citation.article_id})"


def _said(error: QuestionError | TurnedAwayError, language: str | None) -> str:
    if isinstance(error, TurnedAwayError):
        return wording(language or "en")[error.reason].format(seconds=error.seconds)
    return str(error)
