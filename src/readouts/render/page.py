"""A page from a template: its policy (Content-Security-Policy) allows its own style, by hash, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from readouts.render.safe import visible

__all__ = ["page"]


def page(template: str, styles: tuple[str, ...], **values: Any) -> str:
    """Return a page that needs no network and runs nothing.

    Parameters
    ----------
    template, styles
        Names of files in `templates/`; the styles are joined in this order.
    values
        What the template shows. Everything is escaped; what is of unknown origin goes through the filter `visible`.
    """
    from importlib.resources import files

    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("readouts.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    folder = files("readouts.render") / "templates"
    style = "".join((folder / name).read_text(encoding="utf-8") for name in styles)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        environment.get_template(template).render(
            # Our own files, not escaped, since the hash is of their text as it is.
            style=Markup(style),  # noqa: S704
            style_hash=f"sha256-{digest}",
            **values,
        )
        + "\n"
    )
