"""How a release of the corpus is cited, from what its descriptor says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.metadata import metadata_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Citation", "citation"]

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation: as a sentence and as BibTeX.

    Attributes
    ----------
    text
        For a list of references; it is what `print` shows.
    bibtex
        An entry for BibTeX and BibLaTeX.
    """

    text: str
    bibtex: str

    def __str__(self) -> str:
        return self.text


def citation(descriptor: Mapping[str, Any]) -> Citation:
    r"""Return how a package is cited.

    Parameters
    ----------
    descriptor
        Its descriptor: `title`, `version`, `created`, `contributors`, and `id` or `homepage` where it has them.

    Examples
    --------
    >>> made = citation({"name": "calls", "title": "Calls & letters", "version": "2.0.0", "created": "2031-05-01"})
    >>> print(made)
    Calls & letters (version 2.0.0) [Data set]. (2031).
    >>> print(made.bibtex)
    @misc{calls-2.0.0,
      title = {{Calls \& letters}},
      version = {2.0.0},
      year = {2031},
      month = {5},
      note = {Data set, version 2.0.0},
    }
    """
    name, version = str(descriptor.get("name", "dataset")), str(descriptor.get("version", ""))
    title, created = str(descriptor.get("title") or name), str(descriptor.get("created", ""))
    about = metadata_of(descriptor)
    authors = [party.name for party in about.creators]
    year, month = created[:4], created[5:7].lstrip("0")
    place = f"https://doi.org/{about.doi}" if about.doi else about.homepage
    versioned = f" (version {version})" if version else ""
    dated = f" ({year})" if year else ""
    work = f"{title}{versioned} [Data set]"
    text = f"{' & '.join(authors)}{dated}. {work}." if authors else f"{work}.{dated}{'.' if dated else ''}"
    fields = {
        # Doubled braces keep a group of people from being taken apart into names, and a title in its case.
        "author": " and ".join(f"{{{_tex(author)}}}" for author in authors),
        "title": f"{{{_tex(title)}}}",
        "version": _tex(version),
        "year": year,
        "month": month,
        "note": f"Data set, version {_tex(version)}" if version else "Data set",
        **({"doi": place.removeprefix("https://doi.org/")} if "doi.org/" in place else {"url": place}),
    }
    lines = "".join(f"  {key} = {{{value}}},\n" for key, value in fields.items() if value)
    label = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{name}-{version}".strip("-"))
    return Citation(f"{text} {place}".rstrip(), f"@misc{{{label},\n{lines}}}")


def _tex(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)
