"""The server of the desk: on this computer only, until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

import uvicorn

from readouts.desk.app import desk_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.desk.desk import Desk

__all__ = ["PORT", "serve"]

PORT = 8322
"""The port that is tried first."""
_HOST = "127.0.0.1"


def serve(desk: Desk, path: str = "", port: int = PORT, announce: Callable[[str], object] = print) -> None:
    """Serve a desk until Ctrl-C.

    Parameters
    ----------
    desk
        What is served.
    path
        Which part of the page opens first, such as `article/herald-2031-05-02`.
    port
        The port to take; when something else has it, any free one is taken.
    announce
        Shows the address, which has the token.
    """
    token = secrets.token_urlsafe(24)
    with _bound(port) as bound:
        announce(f"http://{_HOST}:{bound.getsockname()[1]}/#token={token}&{path}")
        settings = uvicorn.Config(
            desk_app(desk, token),
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        try:
            uvicorn.Server(settings).run(sockets=[bound])
        except KeyboardInterrupt:
            pass
        finally:
            desk.close()


def _bound(port: int) -> socket.socket:
    """Return a socket of this computer: with the port that is asked for, or any that is free."""
    for number in (port, 0):
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            found.bind((_HOST, number))
            found.listen()
        except OSError:
            found.close()
            continue
        return found
    message = f"No port of {_HOST} is free."
    raise OSError(message)
