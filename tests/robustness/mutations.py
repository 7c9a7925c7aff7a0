"""What befalls a file: bytes that are lost, moved, repeated or replaced, and values that a reader may not expect."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

__all__ = ["befall"]

_TOKENS = (
    *(
        b"",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\r",
        b"\r\n",
        b"\n\n",
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"\\",
        b": ",
        b"- ",
        b"{",
        b"}",
    ),
    *(
        b"[",
        b"]",
        b"#",
        b"|",
        b"&a",
        b"*a",
        b"!!python/object:os.system",
        b"---\n",
        b"null",
        b"NaN",
        b"-0",
        b"1e999",
        b"-1",
    ),
    *(
        b"9" * 400,
        b"9223372036854775808",
        b"0001-01-01",
        b"9999-12-31T23:59:60Z",
        b"../../outside",
        b"/etc/passwd",
        b"~",
    ),
    *(
        b"file:///etc/passwd",
        b"http://127.0.0.1:9/x",
        b"data/..",
        b"con",
        b"a" * 5000,
        b"[" * 2000,
        b"\xf0\x9f\x92\xa9",
    ),
    *(
        "\u202e".encode(),
        "\u2028".encode(),
        "\ud800".encode("utf-8", "surrogatepass"),
        b"%s",
        b"{0}",
        b"{{x}}",
        b"<script>",
    ),
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**400,
        float("inf"),
        "",
        " ",
        "\0",
        "a",
        "a" * 5000,
        [],
        {},
        [[]],
        [None],
        {"": None},
    ),
    *(
        "../../outside",
        "/etc/passwd",
        "http://127.0.0.1:9/x",
        "file:///x",
        "utf-7",
        "integer",
        "any",
        "data.csv",
        ["a", "a"],
    ),
    *(
        {"$ref": "#"},
        {"$ref": "http://127.0.0.1:9/x"},
        {"fields": "id", "reference": {"resource": "", "fields": ["id"]}},
    ),
    *("(a+)+$", "[", "\u202e", "\ud800", "1e999", "2031-13-45", "default", "%Y%Q"),
)


def befall(path: Path, chance: Random) -> str:
    """Change a file at random, and return what happened to it."""
    name, change = chance.choice(_CHANGES)
    data = path.read_bytes()
    inside = chance.random() < 0.7
    try:
        if inside and path.suffix == ".gz":
            found = gzip.compress(change(gzip.decompress(data), chance), mtime=0)
        elif inside and zipfile.is_zipfile(path):
            found = _member_changed(data, change, chance)
        elif inside and path.suffix in {".json", ".jsonld"}:
            name, found = "a value", _value_changed(data, chance)
        else:
            found = change(data, chance)
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError):
        # What is inside can't be read any more after an earlier change.
        found = change(data, chance)
    path.write_bytes(found)
    return f"{path.name}: {name}"


def _place(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _stretch(data: bytes, chance: Random) -> tuple[int, int]:
    start = _place(data, chance)
    return start, min(len(data), start + int(chance.paretovariate(0.7)))


def _flipped(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if found:
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _lost(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _repeated(data: bytes, chance: Random) -> bytes:
    start, end = _stretch(data, chance)
    place = _place(data, chance)
    return data[:place] + data[start:end] * chance.choice((1, 2, 50)) + data[place:]


def _put_in(data: bytes, chance: Random) -> bytes:
    place = _place(data, chance)
    return data[:place] + chance.choice(_TOKENS) + data[place:]


def _cut_off(data: bytes, chance: Random) -> bytes:
    return data[: _place(data, chance)]


def _lines_moved(data: bytes, chance: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        lines.insert(chance.randrange(len(lines) + 1), lines.pop(chance.randrange(len(lines))))
    return b"".join(lines)


def _line_lost(data: bytes, chance: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def _cell_changed(data: bytes, chance: Random) -> bytes:
    """Replace one cell of a table, or one word of another text."""
    lines = data.split(b"\n")
    number = chance.randrange(len(lines))
    separator = b"," if b"," in lines[number] else b" "
    cells = lines[number].split(separator)
    others = chance.choice(lines).split(separator)
    cells[chance.randrange(len(cells))] = chance.choice((*_TOKENS, *others))
    lines[number] = separator.join(cells)
    return b"\n".join(lines)


def _encoded(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "utf-8-sig")), "replace")


def _ends_changed(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\x0b")))


def _shuffled(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    start, end = _stretch(data, chance)
    found[start:end] = chance.randbytes(end - start)
    return bytes(found)


_CHANGES: tuple[tuple[str, Callable[[bytes, Random], bytes]], ...] = (
    ("flipped bits", _flipped),
    ("lost bytes", _lost),
    ("repeated bytes", _repeated),
    ("a token put in", _put_in),
    ("a token put in", _put_in),
    ("cut off", _cut_off),
    ("a line moved", _lines_moved),
    ("a line lost", _line_lost),
    ("a cell changed", _cell_changed),
    ("a cell changed", _cell_changed),
    ("another encoding", _encoded),
    ("other ends of lines", _ends_changed),
    ("random bytes", _shuffled),
)


def _member_changed(data: bytes, change: Callable[[bytes, Random], bytes], chance: Random) -> bytes:
    """Change one file in an archive, or its name."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            content, written = old.read(name), name
            if name == chosen and chance.random() < 0.2:
                written = chance.choice(("../outside", "/outside", "a\\b", name.upper(), "datapackage.json/x"))
            elif name == chosen:
                content = _value_changed(content, chance) if name.endswith(".json") else change(content, chance)
            new.writestr(zipfile.ZipInfo(written), content)
    return target.getvalue()


def _value_changed(data: bytes, chance: Random) -> bytes:
    """Replace, remove or add one value of a JSON document."""
    try:
        document = json.loads(data)
    except ValueError:
        return _put_in(data, chance)
    places = [*_places(document)]
    if not places:
        return json.dumps(chance.choice(_VALUES)).encode("utf-8", "surrogatepass")
    container, key = chance.choice(places)
    action = chance.randrange(5)
    if action == 0:
        del container[key]
    elif action == 1 and isinstance(container, dict):
        container[chance.choice((*container, "type", "$ref", "path", "x"))] = chance.choice(_VALUES)
    elif action == 2:
        container[key] = [container[key]]
    elif action == 3:
        other, name = chance.choice(places)
        container[key] = json.loads(json.dumps(other[name]))
    else:
        container[key] = chance.choice(_VALUES)
    return json.dumps(document).encode("utf-8", "surrogatepass")


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found += [(value, key), *_places(value[key])]
    return found
