"""What every description of a dataset asks for, from the descriptor: who made it, when, under which licence."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Licence", "Metadata", "Party", "json_bytes", "metadata_of"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who made a dataset, or helped with it: a person where given and family name are told apart."""

    name: str
    given_name: str = ""
    family_name: str = ""
    url: str = ""
    organization: str = ""
    roles: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is certainly a person."""
        return bool(self.given_name and self.family_name)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its SPDX identifier, its title and its address, as far as they are known."""

    identifier: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a descriptor says about the dataset as a whole.

    Attributes
    ----------
    released
        Date of the release as YYYY-MM-DD, or an empty text.
    doi
        Its DOI without an address around it, or an empty text.
    sources
        Title and address of what it was made from.
    """

    name: str
    title: str
    description: str
    version: str
    released: str
    keywords: tuple[str, ...]
    licences: tuple[Licence, ...]
    creators: tuple[Party, ...]
    contributors: tuple[Party, ...]
    sources: tuple[tuple[str, str], ...]
    homepage: str
    doi: str


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _entries(descriptor: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = descriptor.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _party(entry: dict[str, Any]) -> Party:
    roles = entry.get("roles", entry.get("role"))
    given, family = _text(entry, "givenName"), _text(entry, "familyName")
    return Party(
        name=_text(entry, "title") or f"{given} {family}".strip(),
        given_name=given,
        family_name=family,
        url=_text(entry, "path"),
        organization=_text(entry, "organization"),
        roles=tuple(role for role in (roles if isinstance(roles, list) else [roles]) if isinstance(role, str)),
    )


def metadata_of(descriptor: Mapping[str, Any]) -> Metadata:
    """Return what a descriptor says about its dataset; a missing property is an empty text.

    Examples
    --------
    >>> metadata_of({"name": "lakes", "created": "2031-05-01T00:00:00Z"}).released
    '2031-05-01'
    """
    parties = tuple(party for party in map(_party, _entries(descriptor, "contributors")) if party.name)
    creators = tuple(party for party in parties if {"creator", "author"} & {*party.roles}) or parties
    found = re.search(r"10\.[0-9]{4,}/\S+", _text(descriptor, "id"))
    name, created = _text(descriptor, "name") or "dataset", _text(descriptor, "created")
    keywords = descriptor.get("keywords")
    return Metadata(
        name=name,
        title=_text(descriptor, "title") or name,
        description=_text(descriptor, "description"),
        version=_text(descriptor, "version"),
        released=created[:10] if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", created) else "",
        keywords=tuple(map(str, keywords)) if isinstance(keywords, list) else (),
        licences=tuple(
            Licence(_text(entry, "name"), _text(entry, "title") or _text(entry, "name"), _text(entry, "path"))
            for entry in _entries(descriptor, "licenses")
        ),
        creators=creators,
        contributors=tuple(party for party in parties if party not in creators),
        sources=tuple((_text(entry, "title"), _text(entry, "path")) for entry in _entries(descriptor, "sources")),
        homepage=_text(descriptor, "homepage"),
        doi=found[0] if found else "",
    )


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON that people can read and that is the same every time."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
