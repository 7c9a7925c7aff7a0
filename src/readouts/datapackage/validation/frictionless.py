"""What frictionless (https://framework.frictionlessdata.io) says about a descriptor, asked in a process of its own.

Importing it takes longer than many packages take to check, and it works on one core: the tables are read meanwhile.
"""

from __future__ import annotations

import json
import re
from ast import literal_eval
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import CODES, Incident, incident
from readouts.datapackage.json_schema_text import expected, found_text, place_in
from readouts.datapackage.validation import frictionless_process
from readouts.datapackage.words import shortened

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OVERRULED", "FrictionlessCheck"]

SECONDS = 30
"""How long it may take."""

_SAME_AS = {"field-error": "schema-error", "dialect-error": "resource-error", "metadata-error": "package-error"}

OVERRULED = (
    (
        re.compile(r"'resource' is a required property at property 'foreignKeys/\d+/reference'"),
        "A reference without `resource` is one to the same table.",
    ),
    (
        re.compile(
            r'constraint "(minimum|maximum|exclusiveMinimum|exclusiveMaximum)" is not supported by type "duration"'
        ),
        "Durations have bounds (Field Constraints, `minimum`).",
    ),
    (
        re.compile(r'constraint "jsonSchema" is not supported by type "(array|object)"'),
        "Arrays and objects may be checked against a JSON Schema (Field Constraints, `jsonSchema`).",
    ),
    (
        re.compile(r'constraint "enum" is not supported by type "list"'),
        "Fields of all types may have an enumeration (Field Constraints, `enum`).",
    ),
    (
        re.compile(r"^example value .* for field .* is not valid$", re.DOTALL),
        "The example is read without the properties of its field, such as `decimalChar`.",
    ),
    (
        re.compile(r"^names of the fields are not unique$"),
        "Version 1 allowed it, so that the descriptor is not to be called invalid (Field, `name`).",
    ),
    (
        re.compile(r"^\['\w+'\] is not .* at property 'fieldsMatch'$"),
        "The official profile of version 2.0 has a list of one.",
    ),
    (
        re.compile(r"""^['"].*['"] is not of type 'object', 'array' at property 'data'$""", re.DOTALL),
        "Data may be a text in the format of the resource (Data Resource, `data`).",
    ),
)
"""Verdicts of frictionless that the specification contradicts, and the reason."""


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):
        return False


class FrictionlessCheck:
    """A question to frictionless that is being answered.

    Attributes
    ----------
    version
        Which version answered; empty if none did.
    """

    version = ""

    def __init__(self, root: Path, descriptor: dict[str, Any]) -> None:
        """Ask; the schemas and dialects of the descriptor are in it, and its paths are known to be safe."""
        if not _is_there("frictionless"):
            raise ModuleNotFoundError(name="frictionless")
        self._resources = descriptor["resources"]
        self._process = frictionless_process.take()
        question = json.dumps([descriptor, str(root)]).encode()
        # In a thread, so that neither side waits for the other at the ends of a pipe.
        self._pool = ThreadPoolExecutor(1)
        self._talk = self._pool.submit(self._process.communicate, question, SECONDS)

    def answer(self) -> list[Incident]:
        """Return what it found."""
        try:
            output, complaint = self._talk.result()
        except TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            message = f"frictionless did not finish checking the descriptor within {SECONDS} seconds."
            return [incident("peer-failed", message)]
        finally:
            self._pool.shutdown()
        if self._process.returncode != 0:
            last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
            return [incident("peer-failed", f"frictionless can't read this descriptor: {last[:300]}")]
        self.version, found = json.loads(output)
        return [
            self._incident(number, place, kind, message)
            for number, place, kind, message in found
            if not any(pattern.search(message) for pattern, _ in OVERRULED)
        ]

    def _incident(self, number: int | None, place: int | None, kind: str, message: str) -> Incident:
        code = _SAME_AS.get(kind, kind)
        known = code in CODES
        resource = None if number is None else self._resources[number]
        column = None if resource is None or place is None else resource["schema"]["fields"][place].get("name")
        return incident(
            code if known else "package-error",
            _in_words(message) if known else f"{kind}: {message}",
            table=None if resource is None else resource["name"],
            field=column if isinstance(column, str) else None,
        )


_NOTES = tuple(
    re.compile(rf"^{note}(?: at property '(?P<way>[^']*)')?$", re.DOTALL)
    for note in (
        r"(?P<found>.*) is not of type (?P<type>'[a-z]+'(?:, '[a-z]+')*)",
        r"'(?P<name>.*)' is a required property",
        r"(?P<found>.*) is not one of (?P<enum>\[.*\])",
        r"(?P<found>.*) does not match '(?P<pattern>.*)'",
        r"(?P<found>.*) is not valid under any of the given schemas",
    )
)
"""What it says where its own JSON Schemas don't hold."""


def _in_words(note: str) -> str:
    """Return what frictionless says as a sentence of ours.

    Examples
    --------
    >>> _in_words("5 is not of type 'string' at property 'licenses/0/title'")
    '`licenses`, item 1, `title`: expected a text; found 5.'
    """
    said = next(filter(None, (pattern.match(note) for pattern in _NOTES)), None)
    if said is None:
        return note if note.endswith(".") else f"{note[:1].upper()}{note[1:]}."
    part = said.groupdict()
    if part.get("name"):
        wanted = f"expected an object with `{part['name']}`"
    elif part.get("type"):
        wanted = f"expected {expected({'type': re.findall('[a-z]+', part['type'])})}"
    elif part.get("enum"):
        wanted = f"expected one of {part['enum'][1:-1]}"
    else:
        wanted = f"expected a text of the form {part['pattern']}" if part.get("pattern") else "expected something else"
    place = place_in([int(name) if name.isdigit() else name for name in (part["way"] or "").split("/") if name])
    found = f"; found {_value(part['found'])}" if part.get("found") else ""
    return f"{place}: {wanted}{found}." if place else f"{wanted[0].upper()}{wanted[1:]}{found}."


def _value(written: str) -> str:
    """Return a value that Python has written, as a message shows it."""
    try:
        return found_text(literal_eval(written))
    except (ValueError, SyntaxError):
        return shortened(written, 80)
