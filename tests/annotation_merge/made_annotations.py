"""Annotation files made up for the merge tests: what they say, and one of many layouts for it."""

from __future__ import annotations

import json
from random import Random
from typing import Any

Value = Any


def layout(value: dict[str, Value], seed: int) -> str:
    """Write a mapping as YAML: block or flow style, quotes and comments as the seed has it."""
    random = Random(seed)
    return "".join(f"{line}\n" for line in _mapping(value, 0, random))


def _comment(random: Random, indent: int) -> list[str]:
    return [f"{' ' * indent}# note {random.randrange(10**6)}"] if random.random() < 0.1 else []


def _scalar(value: str, random: Random, *, flow: bool) -> str:
    plain = value.replace(" ", "").isalnum() and value.strip() == value and value
    if plain and random.random() < 0.7:
        return value
    if "'" not in value and random.random() < 0.5:
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _flow(value: Value, random: Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(entry, random)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, random) for item in value) + "]"
    return _scalar(value, random, flow=True)


def _entry(head: str, value: Value, indent: int, random: Random) -> list[str]:
    """Write what stands behind a key or a dash."""
    end = f"  # end {random.randrange(10**6)}" if random.random() < 0.1 else ""
    if not value or isinstance(value, str) or random.random() < 0.4:
        if isinstance(value, str) and value and " " in value and not end and random.random() < 0.3:
            return [f"{head} >-", *(f"{' ' * (indent + 2)}{word}" for word in value.split(" "))]
        text = _flow(value, random)
        if not isinstance(value, str) and ", " in text and random.random() < 0.3:
            first, _, rest = text.partition(", ")
            if first.count('"') % 2 == 0 and first.count("'") % 2 == 0:
                text = f"{first},\n{' ' * (indent + 4)}{rest}"
        return f"{head} {text}{end}".split("\n")
    write = _mapping if isinstance(value, dict) else _sequence
    below = write(value, indent + random.choice([2, 4]), random)
    if head.endswith("-"):
        first = below[0].lstrip()
        if not first.startswith("#"):
            # The first entry stands behind the dash, and the others under it.
            shift = len(below[0]) - len(first) - (indent + 2)
            return [f"{head} {first}", *(line[shift:] for line in below[1:])]
    return [f"{head}{end}", *below]


def _mapping(value: dict[str, Value], indent: int, random: Random) -> list[str]:
    lines = []
    for key, entry in value.items():
        lines += _comment(random, indent)
        lines += _entry(f"{' ' * indent}{key}:", entry, indent, random)
    return lines


def _sequence(value: list[Value], indent: int, random: Random) -> list[str]:
    lines = []
    for item in value:
        lines += _comment(random, indent)
        lines += _entry(f"{' ' * indent}-", item, indent, random)
    return lines
