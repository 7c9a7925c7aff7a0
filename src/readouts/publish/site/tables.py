"""The tables: pages with all rows of each, and its codebook; rows as scripts, for sorting across pages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from readouts.datapackage.memory import size_text
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside
from readouts.datapackage.render.escaping import visible
from readouts.publish.site import address
from readouts.publish.site.codebook import column_anchor, entries
from readouts.publish.site.data import KEYS
from readouts.publish.site.fingerprint import value_digest
from readouts.publish.site.page import Asset, Page, Part
from readouts.publish.site.pagination import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.datapackage.schema.model import Field, Table
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

__all__ = ["pages"]

LARGEST_SORTED = 4_000_000
"""Bytes of a table's file up to which a browser sorts and filters all of its rows, rather than those of one page."""
_NUMBERS = frozenset(["integer", "number", "year"])
_LONG = 60
"""Characters from which a column's longest value needs a wide column."""
_SAMPLE = 200
"""Rows that decide how wide a column is."""
_UNBOUNDED = 10**9
_PLAIN = re.compile(r"[\w .:-]*", re.ASCII)
"""What most cells are: nothing in them has to be escaped."""
_MOST_ACROSS = 8
"""Columns that fit side by side on paper; rows of more are printed as blocks of names and values."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the page shows it.

    Attributes
    ----------
    kind
        How its cells look: `text`, `long`, `number` or `hash`, of which the beginning is in sight.
    target
        The table whose rows its values are ids of, if they have a place in the site.
    link
        The link of a value, from the page, with `{}` for the value, where all links are made alike.
    """

    name: str
    title: str
    description: str
    kind: str
    target: str | None = None
    link: str = ""


def _kind(field: Field) -> str:
    if field.type in _NUMBERS:
        return "number"
    if field.constraints.pattern == "^[0-9a-f]{64}$":
        return "hash"
    return "long" if (field.constraints.max_length or 0) > 160 else "text"


def _target(table: Table, name: str) -> str | None:
    """Return the table that the values of a column are ids of, if its rows have places in the site."""
    target = table.name if table.primary_key == (name,) else table.references.get(name)
    return target if target in KEYS else None


def _columns(table: Table, sample: Sequence[Row]) -> tuple[Column, ...]:
    made = []
    for field in table.fields:
        kind = _kind(field)
        if kind == "text" and any(len(row.get(field.name) or "") > _LONG for row in sample):
            kind = "long"
        target = _target(table, field.name)
        link = f"../{target}/{{}}.html" if target in address.KINDS else ""
        made.append(Column(field.name, field.title or field.name, field.description, kind, target, link))
    return tuple(made)


class _Cells(dict[str | None, str]):
    """The cells of a column in HTML by their values, each made when it is first met; those of the first name rows."""

    def __init__(self, site: SiteContext, column: Column, source: str, first: bool) -> None:
        from markupsafe import escape

        tag = "th scope=row" if first else "td"
        super().__init__({None: f"<{tag}>"})
        self._site, self._column, self._source, self._escape = site, column, source, escape
        self._start = f"<{tag}>" if column.kind == "text" else f'<{tag} class="{column.kind}">'
        # References and numbers come again and again; texts and hashes may not, and would fill the memory.
        self._most = _UNBOUNDED if column.target is not None or column.kind == "number" else 1000

    def __missing__(self, value: str) -> str:
        text = self.text(value)
        link = self.link(value)
        shown = text if _PLAIN.fullmatch(text) else str(self._escape(text))
        cell = f'{self._start}<a href="{self._escape(link)}">{shown}</a>' if link else f"{self._start}{shown}"
        if len(self) < self._most:
            self[value] = cell
        return cell

    def text(self, value: str) -> str:
        """Return a value as it is shown."""
        return value if _PLAIN.fullmatch(value) else visible(value, _UNBOUNDED)

    def link(self, value: str) -> str:
        """Return where the page links to from a value, or nothing."""
        if self._column.target is None:
            return ""
        place = self._site.place_of(self._column.target, value)
        return address.link(self._source, place) if place else ""

    def script_cell(self, value: str | None) -> str | list[str]:
        """Return a cell for the script: its text, with its link where that isn't the one of the column's pattern."""
        if value is None:
            return ""
        text, link = self.text(value), self.link(value)
        return text if link == self._column.link.replace("{}", text) else [text, link]


@dataclass(frozen=True, slots=True)
class _Line:
    html: str
    cells: str


def _lines(
    site: SiteContext, columns: Sequence[Column], rows: Iterable[Row], source: str, whole: bool
) -> Iterator[_Line]:
    """Yield each row in HTML and, where the rows are also scripts, as a list in JSON."""
    cells = [_Cells(site, column, source, place == 0) for place, column in enumerate(columns)]
    names = [column.name for column in columns]
    for row in rows:
        values = [*map(row.get, names)]
        script = [each.script_cell(value) for each, value in zip(cells, values, strict=True)] if whole else []
        yield _Line(
            # A line break after the last cell, which has no end tag, would be part of its text.
            "<tr>\n" + "".join([each[value] for each, value in zip(cells, values, strict=True)]),
            json.dumps(script, ensure_ascii=False, separators=(",", ":")) if whole else "",
        )


def _packed(lines: Sequence[_Line]) -> tuple[str, str]:
    """Return the rows of a page in HTML, and as lists in JSON: as one text each, which takes half the memory."""
    return "".join([line.html for line in lines]), ",\n".join([line.cells for line in lines])


def _column_names_style(columns: Sequence[Column]) -> bytes:
    r"""Return a stylesheet that puts the name of its column before each value.

    Examples
    --------
    >>> _column_names_style([Column("end", "", "", "number"), Column('"', "", "", "text")])
    b'.blocks tr>:nth-child(1)::before{content:"end"}\n.blocks tr>:nth-child(2)::before{content:"\\22 "}\n'
    """
    found = []
    for place, column in enumerate(columns, 1):
        name = "".join(
            letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):x} "
            for letter in visible(column.name)
        )
        found.append(f'.blocks tr>:nth-child({place})::before{{content:"{name}"}}\n')
    return "".join(found).encode("ascii")


def _weight(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _table_pages(site: SiteContext, name: str, all_tables: Sequence[Table]) -> Iterator[Page | Asset]:
    from markupsafe import Markup

    resource = site.data.package.resource(name)
    table = next(each for each in all_tables if each.name == name)
    rows = site.data.each_row(name)
    sample = list(islice(rows, _SAMPLE))
    columns = _columns(table, sample)
    size = _bytes(site.data, name)
    first = address.place("tables", name)
    whole = size <= LARGEST_SORTED
    found = paginate(
        _lines(site, columns, chain(sample, rows), first, whole),
        lambda line: max(_weight(line.html), _weight(line.cells)),
        pack=_packed,
    )
    chunks = len(found) if whole and len(found) > 1 else 0
    path = str(resource.descriptor["path"])
    names = f"tables/print/{address.safe(name)}.css" if len(columns) > _MOST_ACROSS else ""
    if names:
        yield Asset(names, _column_names_style(columns))
    shared = {
        "section": "tables",
        "trail": (("Tables", address.listing("tables")),),
        "scripts": (address.asset("tables.js"),),
        "table": table,
        "columns": columns,
        "names": names,
        "shortened": sorted({column.kind for column in columns}),
        "size": size_text(size),
        "download": address.download(path),
        "chunks": chunks,
        "chunk_base": f"rows/{address.safe(name)}-",
        "codebook": entries(table),
        "used_by": [
            (other.name, column)
            for other in all_tables
            for column, target in other.references.items()
            if target == name
        ],
    }
    for leaf in found:
        html, cells = leaf.items
        title = table.title or name
        yield Page(
            address.place("tables", name, leaf.number),
            "table.html",
            {
                **shared,
                "title": title if leaf.number == 1 else f"{title}, page {leaf.number}",
                "description": table.description,
                "leaf": leaf,
                "first": first,
                "key": [(column, column_anchor(column)) for column in table.primary_key],
                "place": partial(address.place, "tables", name),
                # Every cell was escaped where it was written: a template takes ten times as long over half a million.
                "rows": Markup(html),  # noqa: S704
            },
        )
        if chunks:
            text = f"readoutsRows({leaf.number},[\n{cells}\n]);\n"
            yield Asset(f"tables/{shared['chunk_base']}{leaf.number}.js", text.encode("utf-8", "backslashreplace"))


def _bytes(data: SiteData, name: str) -> int:
    """Return the size of a table's file, which reading its rows has checked against its hash, or will."""
    return inside(data.package.root, str(data.package.resource(name).descriptor["path"])).stat().st_size


def pages(site: SiteContext) -> Iterator[Page | Asset | Part]:
    """Yield the list of tables, and the pages of each."""
    tables = [resource.table for resource in site.data.package.resources.values() if resource.table is not None]
    yield Page(
        address.listing("tables"),
        "tables.html",
        {
            "title": "Tables",
            "description": "Every table of the release, with all rows, its codebook and its file.",
            "section": "tables",
            "descriptor": address.download(DESCRIPTOR),
            "tables": [
                {
                    "table": table,
                    "rows": site.data.count(table.name),
                    "download": address.download(str(site.data.package.resource(table.name).descriptor["path"])),
                    "size": size_text(_bytes(site.data, table.name)),
                    "refers": sorted({*table.references.values()} - {table.name}),
                }
                for table in tables
            ],
        },
    )
    places = cache(partial(_places, site))
    for table in tables:
        # What the pages of a table show: its rows, where their links lead to, and what the tables are called.
        rows = site.data.rows(table.name) if site.data.quoted else site.data.package.read_bytes(table.name)
        targets = sorted({*filter(None, (_target(table, field.name) for field in table.fields))})
        descriptor = site.data.package.resource(table.name).descriptor
        values = [value_digest(rows), [places(target) for target in targets], tables, descriptor]
        yield Part(f"table {table.name}", values, partial(_table_pages, site, table.name, tables))


def _places(site: SiteContext, table: str) -> str:
    """Return the digest of where in the site the rows of a table are shown."""
    return value_digest([(name, site.place_of(table, name)) for name in site.data.by_id(table)])
