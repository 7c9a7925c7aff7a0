"""The chart of the entities and the relations between them: names around a circle, relations as arcs across it.

A circle rather than a layout by forces: it comes out the same on every machine, names never lie on each other however
many there are, and what belongs together is drawn together.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from readouts.corpus_schema.naming import id_of
from readouts.datapackage.words import counted, joined, printable
from readouts.publish.charts.canvas import MARGIN, Canvas
from readouts.publish.charts.circular_layout import (
    COLOUR,
    DASH,
    MUTUAL,
    Edge,
    Ring,
    level_names,
    point_at,
    predicates_of,
    put_arc,
    put_name,
    radius_of,
    reach_of,
    seats_of,
)
from readouts.publish.charts.data import NothingToDrawError, event_title, source_of
from readouts.publish.charts.entity_groups import groups_of
from readouts.publish.charts.palette import BODY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.circular_layout import Seat
    from readouts.publish.charts.data import CorpusTexts
    from readouts.publish.charts.shapes import Point

__all__ = ["entities"]

KINDS = {
    "exchange": ("AGREE", "CONSULT"),
    "cooperation": ("SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"),
    "conflict": ("REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
    "other": (),
    "standing": ("holds_office", "part_of", "member_of", "represents"),
}
"""PLOVER's events by what they do to a relationship, and the corpus's own standing relations; `other` is neither."""
MEANING = {
    "exchange": ("Exchange", "consult or agree with each other"),
    "cooperation": ("Cooperation", "supports, concedes, aids, retreats"),
    "conflict": ("Conflict", "requests, accuses, rejects, threatens, sanctions, coerces, …"),
    "other": ("Other", "relations of other vocabularies"),
    "standing": ("Standing", "holds an office, represents, is part or member of"),
}

NARROWEST = 620.0


def entities(corpus: CorpusTexts, event: str | None = None, *, limit: int = 60) -> Chart:
    """Draw the entities and who did what to whom.

    `Plots.entities` describes the parameters and the errors.

    Returns
    -------
    Chart
        Names around a circle, in groups of those who stand for the same state (`represents`, `holds_office`,
        `part_of`, else `country`), the busiest group on the right. An arc is all relations of one kind from one
        entity to another; the more, the wider. `rows` has a row for each arc.

    Examples
    --------
    >>> import readouts
    >>> chart = entities(readouts.load(), "call-2014-03-28")
    >>> sorted({row["kind"] for row in chart.rows})
    ['conflict', 'exchange']
    """
    event = None if event is None else id_of("event", event, corpus.texts)
    title = "Who did what to whom" if event is None else event_title(corpus, event)
    edges, notes = _edges(corpus, event)
    degree = Counter[str]()
    for edge in edges:
        degree.update({edge.subject: len(edge.predicates), edge.target: len(edge.predicates)})
    if not edges:
        message = (
            f"No relation joins two entities in {'the corpus' if event is None else repr(event)}: expected a row of "
            "`relations` with a subject and another object. Without an event, the chart shows the whole corpus."
        )
        raise NothingToDrawError(message)
    kept = set(sorted(degree, key=lambda name: (-degree[name], name))[:limit])
    drawn = [edge for edge in edges if edge.subject in kept and edge.target in kept]
    names = {
        row["entity_id"] or "": printable(row["name"] or row["entity_id"] or "") for row in corpus.texts("entities")
    }
    groups = groups_of(corpus, kept, degree)
    seats = seats_of(groups, names)
    sheet, y, centre, radius = _prepared_canvas(seats, names, title, drawn, event)
    ring = Ring(centre, radius, names, degree, level_names(seats))
    places = {seat.entity: point_at(centre, radius, seat.angle) for seat in seats if seat.entity}
    ordered = sorted(drawn, key=lambda edge: (edge.kind != "standing", len(edge.predicates)))
    heads = [(edge, put_arc(sheet, edge, ring, places)) for edge in ordered]
    # Heads come last: no arc lies on one.
    for edge, head in heads:
        if head:
            sheet.area(head, COLOUR[edge.kind])
    for seat in seats:
        put_name(sheet, seat, ring)
    relations = sum(len(edge.predicates) for edge in drawn)
    drawn_of = f"{counted(relations, 'relation')} between {counted(len(kept), 'entity')}"
    return sheet.finish(
        y,
        name="entities",
        title=title if event is None else f"Who did what to whom: {title}",
        description=_description(title, drawn, groups, names),
        rows=[_row(edge) for edge in edges],
        source=source_of(
            corpus,
            f"{drawn_of}{_reservations(notes)}",
            _omissions(len(degree) - len(kept), sum(len(edge.predicates) for edge in edges) - relations, notes),
        ),
    )


def _reservations(notes: Mapping[str, int]) -> str:
    found = [f"{notes[status]:,} {status}" for status in ("future", "hypothetical") if notes[status]]
    return f", including {joined(found)}" if found else ""


def _omissions(fewer: int, theirs: int, notes: Mapping[str, int]) -> str:
    found = [
        f"{counted(fewer, 'entity')} with fewer relations ({theirs:,} of them)" if fewer else "",
        f"{counted(notes['alone'], 'relation')} without another entity as object" if notes["alone"] else "",
        f"{counted(notes['negated'], 'relation')} said not to be" if notes["negated"] else "",
    ]
    parts = [part for part in found if part]
    return f"Not drawn: {joined(parts)}" if parts else ""


def _edges(corpus: CorpusTexts, event: str | None) -> tuple[list[Edge], Counter[str]]:
    """Return the relations, those alike together, and what is not drawn or holds with a reservation, counted."""
    kind_of = {predicate: kind for kind, predicates in KINDS.items() for predicate in predicates}
    rows = corpus.texts("relations")
    own = [row for row in rows if event is None or row["event_id"] == event]
    if event is not None:
        inside = {row[end] for row in own for end in ("subject_id", "object_id")}
        own += [
            row
            for row in rows
            if row["event_id"] != event
            and kind_of.get(row["predicate"] or "") == "standing"
            and row["subject_id"] in inside
            and row["object_id"] in inside
        ]
    found: dict[tuple[str, str, str], list[str]] = {}
    notes = Counter[str]()
    for row in own:
        subject, target, predicate = row["subject_id"] or "", row["object_id"] or "", row["predicate"] or ""
        if not target or subject == target:
            notes["alone"] += 1
        elif row["status"] == "negated":
            notes["negated"] += 1
        else:
            notes[row["status"] or ""] += 1
            kind = kind_of.get(predicate, "other")
            ends = sorted((subject, target)) if kind == MUTUAL else [subject, target]
            found.setdefault((ends[0], ends[1], kind), []).append(predicate)
    return [Edge(*key, tuple(sorted(predicates))) for key, predicates in sorted(found.items())], notes


def _row(edge: Edge) -> dict[str, str | int]:
    return {
        "subject_id": edge.subject,
        "object_id": edge.target,
        "kind": edge.kind,
        "predicates": predicates_of(edge),
        "relations": len(edge.predicates),
    }


def _description(
    title: str, edges: Sequence[Edge], groups: Sequence[tuple[str, Sequence[str]]], names: Mapping[str, str]
) -> str:
    most = sorted(edges, key=lambda edge: (-len(edge.predicates), edge.subject, edge.target))[:10]
    arcs = "; ".join(
        f"{names[edge.subject]} {'and' if edge.kind == MUTUAL else 'to'} {names[edge.target]}: {predicates_of(edge)}"
        for edge in most
    )
    held = f" The {len(most)} strongest of {len(edges):,} arcs" if len(edges) > len(most) else " The arcs"
    placed = "; ".join(f"{heading}: {joined([names[name] for name in members])}" for heading, members in groups)
    return f"{title}: entities around a circle, joined by their relations.{held}: {arcs}. The entities: {placed}."


def _prepared_canvas(
    seats: Sequence[Seat], names: Mapping[str, str], title: str, edges: Sequence[Edge], event: str | None
) -> tuple[Canvas, float, Point, float]:
    """Return a sheet with heading and legend, how far down the graph reaches, its centre and its radius."""
    radius = radius_of(seats)
    reach = [reach_of(seat, radius, names, level=level_names(seats)) for seat in seats]
    wide = max(abs(x) for x, _ in reach)
    sheet = Canvas(math.ceil(max(NARROWEST, 2 * (wide + MARGIN))))
    subtitle = "" if event is None else "Who did what to whom. "
    y = sheet.heading(title, f"{subtitle}An arc ends in a head at the one acted upon; the wider, the more relations.")
    for kind in KINDS:
        number = sum(len(edge.predicates) for edge in edges if edge.kind == kind)
        if number:
            sheet.curve([(MARGIN, y + 5), (MARGIN + 30, y + 5)], COLOUR[kind], 1.5, dash=DASH[kind])
            sheet.label((MARGIN + 38, y + 8), f"{MEANING[kind][0]} ({number:,}): {MEANING[kind][1]}")
            y += 15
    high, low = max(up for _, up in reach), max(-up for _, up in reach)
    centre = (sheet.width / 2, y + 14 + high + BODY)
    return sheet, centre[1] + low + BODY + 14, centre, radius
