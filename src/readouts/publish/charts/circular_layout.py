"""The circle that the graph of entities is drawn on: who sits where, their names, and the arcs between them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.words import counted
from readouts.publish.charts.palette import BODY, GREEN, INK, MUTED, RED, STANDING, VIOLET
from readouts.publish.charts.text_layout import fit, width_of
from readouts.publish.words import predicate_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.publish.charts.canvas import Canvas
    from readouts.publish.charts.shapes import Point

__all__ = [
    "COLOUR",
    "DASH",
    "MUTUAL",
    "Edge",
    "Ring",
    "Seat",
    "level_names",
    "point_at",
    "predicates_of",
    "put_arc",
    "put_name",
    "radius_of",
    "reach_of",
    "seats_of",
]

MUTUAL = "exchange"
"""Both act in it, and which of them is the subject is a convention: an arc of this kind has no head."""
COLOUR = {
    "exchange": VIOLET,
    "cooperation": GREEN,
    "conflict": RED,
    "other": MUTED,
    "standing": STANDING,
}
DASH: dict[str, tuple[float, ...]] = {
    "exchange": (),
    "cooperation": (8.0, 2.0),
    "conflict": (),
    "other": (0.8, 1.6),
    "standing": (2.5, 2.0),
}
"""Dashes and gaps of an arc, in its widths: kinds of the same grey differ in them. An exchange has no head instead."""
SHIFT = {"exchange": 9.0, "cooperation": 15.0, "conflict": 21.0, "other": 27.0, "standing": 3.0}
"""How far an arc bends aside, so that there and back, and each kind, run next to each other."""
SLOT = 13.5
"""Length of the arc that a name takes."""
LONGEST = 195.0
"""Room for a name."""
HEAD = 3.4
FEW = 12
"""So many entities, or fewer, have level names, and neither headings nor gaps between their groups."""


@dataclass(frozen=True, slots=True)
class Edge:
    """All relations of one kind from one entity to another."""

    subject: str
    target: str
    kind: str
    predicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """The circle: where it lies, what is on it, and how much each entity has to do."""

    centre: Point
    radius: float
    names: Mapping[str, str]
    degree: Mapping[str, int]
    level: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on the circle: of an entity, or of the name of a group."""

    angle: float
    entity: str = ""
    heading: str = ""


def seats_of(groups: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str]) -> list[Seat]:
    """Return who sits where on the circle: each group's name, its members, and a gap.

    The first group is on the right and the second on the left, where names read best; the others are between them. Each
    reads from the left to the right, or from the top down.
    """
    few = sum(len(members) for _, members in groups) <= FEW
    wanted: list[tuple[str, str]] = []
    for heading, members, backwards in _clockwise(groups):
        own = [(name, "") for name in members]
        # A group that is called like its only member needs no heading.
        if len(groups) > 1 and not few and [names.get(name) for name in members] != [heading]:
            own.insert(0, ("", heading))
        wanted += [*(reversed(own) if backwards else own), *([] if few else [("", "")])]
    turn = 360 / len(wanted)
    middle = 0.5 if few else wanted.index(("", "")) / 2
    return [
        Seat(round((middle - number - 0.5) * turn % 360, 6), entity, heading)
        for number, (entity, heading) in enumerate(wanted)
        if entity or heading
    ]


def _clockwise(groups: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str], bool]]:
    """Return the groups clockwise from the right, and whether the members of each go backwards."""
    first, rest = groups[0], groups[1:]
    below: list[tuple[str, Sequence[str]]] = []
    above: list[tuple[str, Sequence[str]]] = []
    for group in rest[1:]:
        fewer = min((below, above), key=lambda half: sum(len(members) for _, members in half))
        fewer.append(group)
    clockwise = [(first, False), *((group, True) for group in below)]
    clockwise += [*((group, True) for group in rest[:1]), *((group, False) for group in above)]
    return [(heading, members, backwards) for (heading, members), backwards in clockwise]


def level_names(seats: Sequence[Seat]) -> bool:
    """Return whether so few sit around the circle that level names have room."""
    return len(seats) <= FEW and _nearest(seats) >= 360 / 14


def reach_of(seat: Seat, radius: float, names: Mapping[str, str], *, level: bool) -> Point:
    """Return how far from the centre the end of a name lies: to the right, and upwards."""
    text = fit(names.get(seat.entity, seat.heading), LONGEST, BODY, bold=not seat.entity)
    wide, turn = width_of(text, BODY, not seat.entity), math.radians(seat.angle)
    if level:
        side = -1 if 90 < seat.angle < 270 else 1
        return (radius + 11) * math.cos(turn) + side * wide, (radius + 11) * math.sin(turn)
    return (radius + 11 + wide) * math.cos(turn), (radius + 11 + wide) * math.sin(turn)


def _nearest(seats: Sequence[Seat]) -> float:
    """Return the angle between the two seats that are nearest to each other."""
    angles = sorted(seat.angle for seat in seats)
    steps = [after - before for before, after in zip(angles, [*angles[1:], angles[0] + 360], strict=True)]
    return min(steps)


def radius_of(seats: Sequence[Seat]) -> float:
    """Return the radius at which every name has its room."""
    return max(120.0, SLOT * 360 / _nearest(seats) / (2 * math.pi))


def point_at(centre: Point, radius: float, angle: float) -> Point:
    """Return the place on a circle at an angle, counted counter-clockwise from the right."""
    turn = math.radians(angle)
    return centre[0] + radius * math.cos(turn), centre[1] - radius * math.sin(turn)


def _size(degree: int) -> float:
    """Return the radius of the dot of an entity with so many relations."""
    return min(2.2 + 0.75 * math.sqrt(degree), 7.0)


def put_name(sheet: Canvas, seat: Seat, ring: Ring) -> None:
    """Draw an entity's dot and name, or the name of a group: along the ray of its seat, or level."""
    left = 90 < seat.angle % 360 < 270
    turn = math.radians(seat.angle)
    x, y = point_at(ring.centre, ring.radius + (11 if seat.entity else 0), seat.angle)
    # A text is as high as its capitals: its baseline lies half of that below the ray, as the text is turned.
    sink = BODY * 0.36
    if ring.level:
        place, angle = (x, y + sink), 0.0
    elif left:
        place, angle = (x - sink * math.sin(turn), y - sink * math.cos(turn)), seat.angle + 180
    else:
        place, angle = (x + sink * math.sin(turn), y + sink * math.cos(turn)), seat.angle
    whole = ring.names.get(seat.entity, seat.heading)
    text = fit(whole, LONGEST, BODY, bold=not seat.entity)
    sheet.label(
        place,
        text,
        colour=INK if seat.entity else MUTED,
        bold=not seat.entity,
        anchor="right" if left else "left",
        angle=angle,
        tip=whole if text != whole else "",
    )
    if seat.entity:
        tip = f"{whole}: {counted(ring.degree[seat.entity], 'relation')}"
        sheet.dot(point_at(ring.centre, ring.radius, seat.angle), _size(ring.degree[seat.entity]), INK, tip)


def put_arc(sheet: Canvas, edge: Edge, ring: Ring, places: Mapping[str, Point]) -> list[Point]:
    """Draw an arc that bends towards the centre; return the corners of its head, if it has one."""
    start, end = places[edge.subject], places[edge.target]
    along = (end[0] - start[0], end[1] - start[1])
    length = math.hypot(*along)
    across = (-along[1] / length, along[0] / length)
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    pull = 0.82 if length > 60 else 0.45
    bend = tuple(
        middle[axis] + (ring.centre[axis] - middle[axis]) * pull + across[axis] * SHIFT[edge.kind] for axis in (0, 1)
    )
    width = min(0.9 + 0.55 * (len(edge.predicates) - 1) ** 0.75, 6.0)
    head = HEAD + width * 1.1
    towards = (end[0] - bend[0], end[1] - bend[1])
    far = math.hypot(*towards)
    ahead = (towards[0] / far, towards[1] / far)
    stop = _size(ring.degree[edge.target]) + 1.2
    tip = (end[0] - ahead[0] * stop, end[1] - ahead[1] * stop)
    foot = (tip[0] - ahead[0] * head, tip[1] - ahead[1] * head)
    arrow = "and" if edge.kind == MUTUAL else "→"
    told = f"{ring.names[edge.subject]} {arrow} {ring.names[edge.target]}: {predicates_of(edge)}"
    if edge.kind == MUTUAL:
        sheet.curve([start, (bend[0], bend[1]), end], COLOUR[edge.kind], width, opacity=0.75, tip=told)
        return []
    colour = COLOUR[edge.kind]
    sheet.curve([start, (bend[0], bend[1]), foot], colour, width, dash=DASH[edge.kind], opacity=0.75, tip=told)
    side = (-ahead[1] * head * 0.5, ahead[0] * head * 0.5)
    return [tip, (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1])]


def predicates_of(edge: Edge) -> str:
    """Return the relations of an arc as text, the most frequent first."""
    counts = Counter(edge.predicates)
    return ", ".join(
        f"{predicate_text(name)}{f' ×{counts[name]}' if counts[name] > 1 else ''}"
        for name in sorted(counts, key=lambda name: (-counts[name], name))
    )
