"""How the text of a table is cut into cells: the Table Dialect of Data Package v2, as far as it is about CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from readouts.datapackage.schema.descriptor import Problem, unfit
from readouts.datapackage.suggest import did_you_mean

__all__ = ["Dialect", "read_dialect"]

_ALWAYS = frozenset(["delimiter", "header_join", "line_terminator"])
"""Texts that every dialect has."""
_ABOUT_NO_CSV = frozenset(["property", "itemType", "itemKeys", "sheetNumber", "sheetName", "table"])
_OF_JSON = frozenset(["property", "itemKeys"])
_JSON = frozenset(["json", "ndjson", "jsonl"])
_DESCRIPTIVE = frozenset(["$schema", "name", "title", "description", "csvddfVersion", "caseSensitiveHeader"])


@dataclass(frozen=True, slots=True)
class Dialect:
    """Characters and rows that are not data (https://datapackage.org/standard/table-dialect/)."""

    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    skip_initial_space: bool = False
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_char: str | None = None
    comment_rows: tuple[int, ...] = ()
    null_sequence: str | None = None
    line_terminator: str = "\r\n"

    @property
    def plain(self) -> bool:
        """Whether it is CSV as everybody writes it, up to the characters that delimit and quote.

        Examples
        --------
        >>> Dialect(delimiter=";").plain, Dialect(escape_char="~").plain
        (True, False)
        """
        one_byte = [self.delimiter, self.quote_char or '"', "\n"]
        return (
            all(len(character.encode()) == 1 for character in one_byte)
            and len(set(one_byte)) == len(one_byte)
            and self.double_quote
            and self.line_terminator in {"\n", "\r\n"}
            and not (self.escape_char or self.skip_initial_space or self.comment_char or self.comment_rows)
        )


_PROPERTIES = {re.sub("_(.)", lambda found: found[1].upper(), each.name): each.name for each in fields(Dialect)}
"""The attribute of each property of the standard."""


def read_dialect(written: dict[str, Any], form: str) -> tuple[Dialect, list[Problem]]:
    """Read a dialect as its author wrote it.

    Returns
    -------
    tuple
        The dialect, without what could not be understood, and what that is.

    Examples
    --------
    >>> dialect, problems = read_dialect({"delimiter": ";", "header": "no"}, "csv")
    >>> dialect.delimiter, problems[0].place, problems[0].message
    (';', 'dialect.header', "expected true or false; found 'no'")
    """
    problems: list[Problem] = []

    def add(name: str, wanted: str) -> None:
        problems.append(unfit(None, f"dialect.{name}", wanted, written[name]))

    def unsupported(name: str, message: str) -> None:
        problems.append(Problem(None, f"dialect.{name}", message, unsupported=True))

    found: dict[str, Any] = {"delimiter": "\t"} if form == "tsv" else {}
    for name, value in written.items():
        if name in _OF_JSON and form in _JSON:
            unsupported(name, "this is not supported: only a list of rows at the top is read")
        if name in _DESCRIPTIVE or name in _ABOUT_NO_CSV:
            continue
        attribute = _PROPERTIES.get(name)
        if attribute is None:
            unsupported(name, f"Table Dialect has no such property. {did_you_mean(name, _PROPERTIES)}")
        elif attribute in {"header_rows", "comment_rows"}:
            if isinstance(value, list) and all(type(row) is int and row > 0 for row in value):
                found[attribute] = tuple(value)
            elif attribute == "header_rows" and value is False:
                found["header"] = False
            else:
                add(name, "a list of numbers of rows, from 1")
        elif isinstance(getattr(Dialect(), attribute), bool):
            if isinstance(value, bool):
                found[attribute] = value
            else:
                add(name, "true or false")
        elif isinstance(value, str) or (value is None and attribute not in _ALWAYS):
            found[attribute] = value or None if attribute not in {"delimiter", "header_join"} else value
        else:
            add(name, "a text")
    if not found.get("delimiter", ",") or not {"\r", "\n"}.isdisjoint(found.get("delimiter", ",")):
        add("delimiter", "a text that is not empty and doesn't end lines")
        del found["delimiter"]
    for name in ("quoteChar", "escapeChar"):
        character = found.get(_PROPERTIES[name])
        if character is not None and (len(character) > 1 or character in {found.get("delimiter", ","), "\r", "\n"}):
            add(name, "one character, which neither delimits cells nor ends lines")
            del found[_PROPERTIES[name]]
    if found.get("line_terminator", "\n") not in {"\n", "\r\n", "\r"}:
        unsupported("lineTerminator", "only LF, CRLF and CR are supported")
        del found["line_terminator"]
    if not found.get("header_rows", (1,)):
        found["header"] = False
    return Dialect(**found), problems
