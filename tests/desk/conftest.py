"""What tests of the desk share: a desk on a copy of the invented corpus, in which somebody may confirm."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from readouts.desk.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx

PERSON = "Ada Example"
HERALD = "herald-2031-05-02"
CALL = "call-2031-05-01"


@pytest.fixture
def project(corpus: Path) -> Path:
    """The invented corpus with a contributor who is a person."""
    path = corpus / "annotations" / "corpus.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}  - {{title: {PERSON}, roles: [editor]}}\n", encoding="utf-8", newline="")
    return corpus


@contextmanager
def desk_at(folder: Path, **more: Any) -> Iterator[Desk]:
    """Give a desk on a project's folder."""
    desk = Desk(folder / "annotations", folder / "texts", PERSON, **more)
    try:
        yield desk
    finally:
        desk.close()


@pytest.fixture
def desk(project: Path) -> Iterator[Desk]:
    """A desk on the invented corpus."""
    with desk_at(project) as desk:
        yield desk


class Client:
    """Asks a desk's application, as its page does."""

    def __init__(self, desk: Desk) -> None:
        from readouts.desk.app import desk_app

        self.app = desk_app(desk, "secret")

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Return what is answered; `headers` replace those of the page."""
        import httpx

        from readouts.desk.app import TOKEN

        headers = {"Host": "127.0.0.1:8322", TOKEN: "secret", **more.pop("headers", {})}

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8322") as client:
                kept = {name: value for name, value in headers.items() if value is not None}
                return await client.request(method, path, headers=kept, **more)

        return asyncio.run(asked())


@pytest.fixture
def client(desk: Desk) -> Client:
    """What asks the desk."""
    return Client(desk)


@pytest.fixture
def act(desk: Desk) -> Callable[..., dict[str, Any]]:
    """Do something to the Herald's article: `act("set", name="s01", values={...})`."""

    def done(do: str, **asked: Any) -> dict[str, Any]:
        version = desk.session.article(HERALD)["version"]
        return desk.session.change(HERALD, version, {"do": do, **asked})

    return done
