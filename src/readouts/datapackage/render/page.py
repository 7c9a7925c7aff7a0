"""A page from a template: its policy (Content-Security-Policy) allows its own style, by hash, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.datapackage.render.escaping import visible

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page", "part_of_page", "template_text", "templates_of"]


def templates_of(package: str) -> Environment:
    """Return the templates of a Python package: everything is escaped, and no value may be missing.

    Examples
    --------
    >>> templates_of("readouts.datapackage.render").get_template("report.html").name
    'report.html'
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    return environment


def page(template: str, styles: tuple[str, ...], **values: Any) -> str:
    """Return a page that needs no network and runs nothing.

    Parameters
    ----------
    template, styles
        Names of files in `templates/`; the styles are joined in this order.
    values
        What the template shows. Everything is escaped; text of unknown origin goes through the filter `visible`.
    """
    from markupsafe import Markup

    style = "".join(map(template_text, styles))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    # Our own files, not escaped, since the hash is of their text as it is.
    return part_of_page(template, style=Markup(style), style_hash=f"sha256-{digest}", **values) + "\n"  # noqa: S704


def part_of_page(template: str, **values: Any) -> str:
    """Return what a template makes of values, escaped as on a page: HTML to embed in a page with its own head."""
    return _own_templates().get_template(template).render(**values)


@cache
def _own_templates() -> Environment:
    return templates_of("readouts.datapackage.render")


def template_text(name: str) -> str:
    """Return the text of a file in `templates/`: a style.

    Examples
    --------
    >>> ".samples" in template_text("difference.css")
    True
    """
    from importlib.resources import files

    return (files("readouts.datapackage.render") / "templates" / name).read_text(encoding="utf-8")
