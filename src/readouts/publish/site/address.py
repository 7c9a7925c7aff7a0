"""Where things lie in the site: the one place that computes a path.

A path is made of the kind and the id of a thing and of nothing else, so that a link to it holds from release to
release. Links are relative: the site works from the disk, and from any folder of a server.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote

from readouts.corpus_schema.file_names import can_name_file

__all__ = [
    "ABOUT",
    "DATASHEET",
    "GLOSSARY",
    "GUIDELINE",
    "HOME",
    "KINDS",
    "SEARCH",
    "anchor",
    "asset",
    "data",
    "download",
    "fragment",
    "link",
    "listing",
    "place",
    "safe",
    "web",
]

HOME = "index.html"
SEARCH = "search.html"
ABOUT = "about.html"
GLOSSARY = "glossary.html"
DATASHEET = "datasheet.html"
GUIDELINE = "guideline.html"
KINDS = ("events", "statements", "entities", "articles", "tables", "releases")
"""Things with a page for each, and a list of them all."""

_PLAIN = re.compile(r"[a-z0-9._/~-]*", re.ASCII)
"""Paths in which nothing has to be quoted: all but those of a package's files."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


def safe(name: str) -> str:
    """Return an id as a part of a path: itself, if it is an id as the schemas want it, else a hash of it.

    Examples
    --------
    >>> safe("moscow-times-2014-03-07.s01")
    'moscow-times-2014-03-07.s01'
    >>> safe("../Index"), safe("con")
    ('~b84a69bbeeb65074', '~1143da2bc54c495c')
    """
    if can_name_file(name):
        return name
    return f"~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def place(kind: str, name: str | tuple[str, ...], number: int = 1) -> str:
    """Return where the page of a thing lies.

    Parameters
    ----------
    kind
        One of `KINDS`, or another folder.
    name
        Id of the thing; a table's is its name, a release's its version. Several ids, where it is of them together.
    number
        Which of its pages. Two hyphens are before it, which no id has: `call` may have a second page, and `call-2` be
        another event.

    Examples
    --------
    >>> place("events", "call-2014-03-06"), place("events", "call-2014-03-06", 2)
    ('events/call-2014-03-06.html', 'events/call-2014-03-06--2.html')
    >>> place("releases", "1.1.0+unreleased"), place("pairs", ("china", "russia"))
    ('releases/1.1.0-unreleased.html', 'pairs/china--russia.html')
    """
    names = (name.replace("+", "-") if kind == "releases" else name,) if isinstance(name, str) else name
    return f"{kind}/{'--'.join(map(safe, names))}{_numbered(number)}.html"


def data(kind: str, name: str, form: str) -> str:
    """Return where the data of a thing lie in a format, next to its page.

    Examples
    --------
    >>> data("events", "call-2014-03-06", "csv")
    'events/call-2014-03-06.csv'
    """
    return f"{kind}/{safe(name)}.{form}"


def listing(kind: str, number: int = 1) -> str:
    """Return where the list of all things of a kind lies.

    Examples
    --------
    >>> listing("events"), listing("events", 3)
    ('events.html', 'events--3.html')
    """
    return f"{kind}{_numbered(number)}.html"


def _numbered(number: int) -> str:
    return "" if number == 1 else f"--{number}"


def asset(name: str) -> str:
    """Return where a stylesheet, a script or a picture lies.

    Examples
    --------
    >>> asset("site.css")
    'static/site.css'
    """
    return f"static/{name}"


def download(path: str) -> str:
    """Return where a file of the package lies, by its path in the package.

    Examples
    --------
    >>> download("data/events.csv")
    'package/data/events.csv'
    """
    return f"package/{path}"


def fragment(name: str) -> str:
    """Return the id of a thing as the id of an element.

    Examples
    --------
    >>> fragment("moscow-times-2014-03-07.s01")
    'moscow-times-2014-03-07.s01'
    """
    return safe(name)


def anchor(name: str) -> str:
    """Return a name of letters, digits and `_.-` as the id of an element; of any other, a hash.

    Examples
    --------
    >>> anchor("predicate-AGREE"), anchor("free text")
    ('predicate-AGREE', '~a327bf80ded20582')
    """
    return name if _WORD.fullmatch(name) else safe(name)


def link(source: str, target: str) -> str:
    """Return the relative link from one page to another, or to a place (`#...`) on it.

    Examples
    --------
    >>> link("index.html", "events/call.html"), link("events/call.html", "statements/a.s1.html#top")
    ('events/call.html', '../statements/a.s1.html#top')
    >>> link("events/call.html", "package/data/my table.csv")
    '../package/data/my%20table.csv'
    """
    path, mark, inside = target.partition("#")
    quoted = path if _PLAIN.fullmatch(path) else quote(path, safe="/~")
    return "../" * source.count("/") + quoted + mark + inside


def web(url: str | None) -> str:
    """Return an address of the web as it is; nothing for any other, which a page must not lead to.

    Examples
    --------
    >>> web("https://example.org/1"), web("javascript:alert(1)"), web(None)
    ('https://example.org/1', '', '')
    """
    return url if url is not None and url.startswith(("https://", "http://")) else ""
