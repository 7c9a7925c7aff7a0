"""The desk as a web application: a page, its scripts, and what they ask for; for this computer and one token only.

Every request is checked before anything else. Its Host must be this computer, so that a name that another site points
here leads to nothing; its Origin, where there is one, must be the desk; and whatever has data needs the token, in a
header that no page of another origin can set without asking first, which is always refused.
"""

from __future__ import annotations

import json
import secrets
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from readouts.datapackage.errors import ReadoutsError
from readouts.desk.history import ChangedMeanwhileError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from readouts.desk.desk import Desk

__all__ = ["HEADERS", "TOKEN", "desk_app"]

TOKEN = "x-readouts-token"  # noqa: S105 - the name of a header
"""The header that has the token."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The headers of every answer."""

_LARGEST = 4 * 1024 * 1024
_LOCAL = frozenset(["127.0.0.1", "localhost"])
_TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


class _Guard:
    """Refuses what doesn't come from the desk's own page, and sends the headers of every answer."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, guarded)
        else:
            await JSONResponse({"error": refusal[1]}, refusal[0])(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Say why a request is refused; None for one that isn't."""
        given: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        host = given.get("host", [])
        if len(host) != 1 or host[0].rpartition(":")[0] not in _LOCAL:
            return 403, "The desk answers to 127.0.0.1 and localhost only."
        origin = given.get("origin", [])
        if origin and origin != [f"http://{host[0]}"]:
            return 403, "The desk answers to its own page only."
        if given.get("sec-fetch-site", ["same-origin"]) not in (["same-origin"], ["none"]):
            return 403, "The desk answers to its own page only."
        if not scope["path"].startswith("/api/"):
            return None if scope["method"] in {"GET", "HEAD"} else (405, "This is only read.")
        token = given.get(TOKEN, [])
        if len(token) != 1 or not secrets.compare_digest(token[0].encode(), self.token.encode()):
            return (
                401,
                "The desk was started again, or this page doesn't have its token: open the address that it printed.",
            )
        if scope["method"] == "POST" and given.get("content-type", [""])[0].partition(";")[0] != "application/json":
            return 415, "Expected JSON."
        return None if scope["method"] in {"GET", "POST"} else (405, "Expected GET or POST.")


def _answered(run: Callable[[Any], Any]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a request with what a function gives for what was asked."""

    async def answer(request: Request) -> Response:
        asked: dict[str, Any] = dict(request.path_params)
        if request.method == "POST":
            try:
                body = json.loads(await request.body())
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                raise HTTPException(400, "Expected a JSON object.")
            asked = {**body, **asked}
        try:
            return JSONResponse(await run_in_threadpool(run, asked))
        except ChangedMeanwhileError as error:
            return JSONResponse({"error": str(error), "conflicts": error.conflicts}, 409)
        except ReadoutsError as error:
            return JSONResponse({"error": str(error)}, 422)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, StopIteration) as error:
            return JSONResponse({"error": f"The request isn't one of the desk's: {error!r}."}, 400)
        except OSError as error:
            return JSONResponse({"error": f"{error.strerror or error}. Nothing was written."}, 507)

    return answer


async def _error(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "The desk failed here; nothing was written."
    return JSONResponse({"error": detail}, status)


async def _page(request: Request) -> Response:
    """Answer with the page or one of its files."""
    name = request.path_params.get("name") or "index.html"
    suffix = f".{name.rpartition('.')[2]}"
    held = {each.name: each for each in files("readouts.desk").joinpath("static").iterdir()}
    if name not in held or suffix not in _TYPES:
        raise HTTPException(404, "There is nothing here.")
    return Response(held[name].read_bytes(), media_type=_TYPES[suffix])


def desk_app(desk: Desk, token: str) -> ASGIApp:
    """Return the application of a desk, which answers to who has the token."""
    session = desk.session
    gets: dict[str, Callable[[Any], Any]] = {
        "/api/corpus": lambda _: desk.corpus(),
        "/api/article/{id}": lambda asked: session.article(asked["id"]),
        "/api/article/{id}/version": lambda asked: {"version": session.version(asked["id"])},
        "/api/article/{id}/findings": lambda asked: {"findings": desk.checker.findings(asked["id"])},
        "/api/article/{id}/queue": lambda asked: {"queue": desk.queue(asked["id"])},
        "/api/article/{id}/against": lambda asked: desk.against(asked["id"]),
        "/api/article/{id}/kept": lambda asked: desk.kept(asked["id"]),
        "/api/event/{id}": lambda asked: session.event(asked["id"]),
        "/api/event/{id}/candidates/{statement}": lambda asked: {
            "candidates": desk.candidates(asked["id"], asked["statement"])
        },
    }
    posts: dict[str, Callable[[Any], Any]] = {
        "/api/article/{id}": lambda asked: session.change(
            asked["id"], asked["version"], asked["act"], mine=asked.get("mine") is True
        ),
        "/api/article/{id}/undo": lambda asked: session.step(asked["id"], back=True),
        "/api/article/{id}/redo": lambda asked: session.step(asked["id"], back=False),
        "/api/article/{id}/anchor": lambda asked: session.anchor(asked["id"]),
        "/api/article/{id}/renew": lambda asked: session.renew(asked["id"]),
        "/api/article/{id}/reject": lambda asked: desk.reject(asked["id"], asked["proposal"], on=asked.get("on", True)),
        "/api/event/{id}": lambda asked: session.change_event(
            asked["id"], asked["version"], asked["act"], mine=asked.get("mine") is True
        ),
        "/api/event/{id}/undo": lambda asked: session.step_event(asked["id"], back=True),
        "/api/event/{id}/redo": lambda asked: session.step_event(asked["id"], back=False),
        "/api/new/entity": session.add_entity,
        "/api/new/article": session.add_article,
        "/api/new/event": session.add_event,
    }
    routes = [Route(path, _answered(run), methods=["GET"]) for path, run in gets.items()]
    routes += [Route(path, _answered(run), methods=["POST"]) for path, run in posts.items()]
    routes += [Route("/", _page), Route("/{name}", _page)]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _error, 500: _error}, max_body_size=_LARGEST)
    app.router.redirect_slashes = False
    return _Guard(app, token)
