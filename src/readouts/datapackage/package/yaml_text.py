"""A descriptor in YAML: the part of it that JSON has too, read by the core schema of YAML 1.2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.optional import requires_extra
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    import yaml

__all__ = ["read_yaml"]

_TAGS = "tag:yaml.org,2002:"
_MOST_NODES = 200_000
_PLAIN = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,4000}", re.ASCII), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII), float),
)
"""Scalars that are not texts: `no`, `1:30` and dates are, unlike in YAML 1.1."""


def read_yaml(text: str) -> tuple[Any, tuple[str, ...]]:
    r"""Read YAML as the values that JSON has.

    Returns
    -------
    tuple
        The value, and a sentence for each key that a mapping has twice; its last value was taken.

    Raises
    ------
    ValueError
        It is not YAML, or has what JSON can't have; the message says what, and on which line.

    Examples
    --------
    >>> read_yaml("name: lakes\nmissingValues: ['', no, 2031-01-01]\nversion: '1.0'\n")[0]
    {'name': 'lakes', 'missingValues': ['', 'no', '2031-01-01'], 'version': '1.0'}
    """
    with requires_extra("A descriptor in YAML"):
        import yaml
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark is not None else ""
        message = f"{line}{error.problem or error.context}"
        raise ValueError(message) from error
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    reader = _Reader()
    return (None if node is None else reader.value(node)), tuple(reader.repeated)


class _Reader:
    """Reads nodes; an alias is read wherever it is, up to a limit."""

    def __init__(self) -> None:
        self.repeated: list[str] = []
        self._within: list[yaml.Node] = []
        self._count = 0

    def value(self, node: yaml.Node) -> Any:
        """Return the value of a node."""
        line = node.start_mark.line + 1
        self._count += 1
        if self._count > _MOST_NODES or any(node is each for each in self._within):
            message = f"line {line}: an alias makes it infinite, or larger than the limit"
            raise ValueError(message)
        self._within.append(node)
        try:
            return self._value(node, line)
        finally:
            self._within.pop()

    def _value(self, node: Any, line: int) -> Any:
        if not node.tag.startswith(_TAGS) or "python" in node.tag:
            message = f"line {line}: the tag {quoted(node.tag)} has no meaning here"
            raise ValueError(message)
        if node.id == "sequence":
            return [self.value(each) for each in node.value]
        if node.id == "mapping":
            found: dict[str, Any] = {}
            lines: dict[str, int] = {}
            for key, value in node.value:
                name, place = key.value, key.start_mark.line + 1
                if key.id != "scalar":
                    message = f"line {place}: expected a text as a key"
                    raise ValueError(message)
                if name in lines:
                    said = f"Duplicate key {quoted(name)} on line {place} (first on line {lines[name]})."
                    self.repeated.append(said)
                lines.setdefault(name, place)
                found[name] = self.value(value)
            return found
        if node.style is None:
            for pattern, made in _PLAIN:
                if pattern.fullmatch(node.value):
                    return made(node.value)
        return node.value
