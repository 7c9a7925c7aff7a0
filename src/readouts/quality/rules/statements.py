"""Rules of statements: their content, extent and parents; and of the carriages whose extent a region gives."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, Verdict, beside, part_of, rule, shown

__all__ = ["in_circles", "uncovered"]

_PLACE = pl.format("[{}, {}]", "start", "end")


def _extents(frames: Frames, role: str, owner: list[str]) -> pl.LazyFrame:
    """Return first start, last end and number of the spans of a role, by owner."""
    return (
        frames["spans"]
        .filter(pl.col("role") == role)
        .group_by(owner)
        .agg(first=pl.col("start").min(), last=pl.col("end").max(), parts=pl.len())
    )


@rule("extent-differs", "end", statements="start end")
def statement_ends_behind_its_start(frames: Frames) -> Verdict:
    """A statement ends after its start."""
    message = pl.format("Expected an end larger than the start {}; found {}.", "start", "end")
    return Verdict(frames["statements"], pl.col("end") > pl.col("start"), message, _PLACE)


@rule("content-missing", "statement_id", statements="statement_id", spans="role statement_id")
def statement_has_content(frames: Frames) -> Verdict:
    """A statement has content: at least one span of that role."""
    content = frames["spans"].filter(pl.col("role") == "content")
    view = beside(frames["statements"], content, {"statement_id": "statement_id"}, found=pl.lit(True))
    message = pl.format("Expected a span of the role content for {}; found none.", "statement_id")
    return Verdict(view, pl.col("found").is_not_null(), message, pl.col("statement_id"))


@rule("extent-differs", "start", statements="statement_id start end", spans="role statement_id start end")
def statement_extends_as_its_content_does(frames: Frames) -> Verdict:
    """A statement starts where its first content span does, and ends where its last one does."""
    extents = _extents(frames, "content", ["statement_id"])
    on = {"statement_id": "statement_id"}
    view = beside(frames["statements"], extents, on, first="first", last="last")
    message = pl.format("Expected [{}, {}], the extent of the content; found {}.", "first", "last", _PLACE)
    same = (pl.col("start") == pl.col("first")) & (pl.col("end") == pl.col("last"))
    return Verdict(view, (pl.col("end") <= pl.col("start")) | same, message, _PLACE)


@rule(
    "extent-differs",
    "start",
    carriages="account_id article_id start end",
    spans="article_id role start end account_id",
)
def carriage_extends_as_its_region_does(frames: Frames) -> Verdict:
    """A carriage has the extent of its region of role readout, where there is one; else none."""
    extents = _extents(frames, "readout", ["account_id", "article_id"])
    on = {"account_id": "account_id", "article_id": "article_id"}
    view = beside(frames["carriages"], extents, on, first="first", last="last", parts="parts")
    single = pl.col("parts") == 1
    first, last = (pl.when(single).then(pl.col(name)) for name in ("first", "last"))
    expected = pl.when(single).then(pl.format("[{}, {}]", "first", "last")).otherwise(pl.lit("no extent"))
    found = (
        pl.when(pl.col("start").is_null() & pl.col("end").is_null())
        .then(pl.lit("none"))
        .otherwise(pl.format("[{}, {}]", *(pl.col(name).cast(pl.String).fill_null("") for name in ("start", "end"))))
    )
    message = pl.format("Expected {}, as the regions of role readout have it; found {}.", expected, found)
    return Verdict(view, pl.col("start").eq_missing(first) & pl.col("end").eq_missing(last), message, found)


def _lettered(frames: Frames, role: str) -> pl.LazyFrame:
    """Return how many letters and digits the spans of a role have, by statement; overlaps count once."""
    reach, length = pl.col("end").cum_max().shift(1).over("article_id", "statement_id"), pl.col("skeleton_length")
    return (
        frames["spans"]
        .filter(pl.col("role") == role)
        .sort("start", -pl.col("end"))
        .filter(pl.col("start") >= reach.fill_null(0))
        .group_by("statement_id")
        .agg(letters=pl.when(length.is_not_null().all()).then(length.sum()))
    )


@rule(
    "form-differs",
    "form",
    statements="statement_id form",
    spans="article_id role start end statement_id skeleton_length",
)
def form_agrees_with_the_quoted_words(frames: Frames) -> Verdict:
    """All letters and digits of the content are quoted where the form is direct, some but not all where it is mixed."""
    on = {"statement_id": "statement_id"}
    view = beside(frames["statements"], _lettered(frames, "content"), on, letters="letters")
    view = beside(view, _lettered(frames, "quoted"), on, quoted="letters")
    form, letters = pl.col("form"), pl.col("letters")
    quoted = pl.when(letters.is_not_null()).then(pl.col("quoted").fill_null(0))
    holds = (
        pl.when(form == "direct").then(quoted >= letters).when(form == "mixed").then((quoted > 0) & (quoted < letters))
    )
    part = pl.when(form == "direct").then(pl.lit("all")).otherwise(pl.lit("a part"))
    message = pl.format(
        "Expected {} of the content between quotation marks for {}; found {} of its {} letters and digits in spans of "
        "the role quoted.",
        part,
        form,
        quoted,
        letters,
    )
    return Verdict(view, holds, message, form)


@rule(
    "addressee-missing",
    "addressee_id",
    statements="statement_id addressee_id",
    addressees="statement_id",
    spans="role statement_id",
)
def addressee_is_there_where_words_name_one(frames: Frames) -> Verdict:
    """A statement that has a span of the role addressee has an addressee, or several."""
    on = {"statement_id": "statement_id"}
    view = beside(frames["statements"], frames["spans"].filter(pl.col("role") == "addressee"), on, named=pl.lit(True))
    view = beside(view, frames["addressees"], on, several=pl.lit(True))
    message = pl.format("Expected an addressee of {}, which has a span of that role; found none.", "statement_id")
    addressee = pl.col("addressee_id")
    holds = pl.col("named").is_null() | addressee.is_not_null() | pl.col("several").is_not_null()
    return Verdict(view, holds, message, addressee)


@rule("article-differs", "parent_statement_id", statements="statement_id article_id parent_statement_id")
def parent_is_in_the_same_article(frames: Frames) -> Verdict:
    """A statement's parent is in the same article."""
    statements, on = frames["statements"], {"parent_statement_id": "statement_id"}
    view = beside(statements, statements, on, parent_article="article_id")
    same = pl.col("parent_article") == pl.col("article_id")
    message = pl.format("Expected a parent in {}; found {}.", "article_id", shown("parent_statement_id"))
    return Verdict(view, same, message, pl.col("parent_statement_id"))


@rule(
    "parent-uncovered",
    "parent_statement_id",
    statements="statement_id article_id parent_statement_id",
    spans="article_id role start end statement_id",
)
def parent_covers_its_child(frames: Frames) -> Verdict:
    """The content of a parent covers that of its child: each span of the child lies in one of the parent's."""
    statements = frames["statements"]
    content = frames["spans"].filter(pl.col("role") == "content").select("article_id", "statement_id", "start", "end")
    children = statements.select("statement_id", "parent_statement_id").drop_nulls().unique("statement_id")
    outer = content.rename({"statement_id": "parent_statement_id"})
    loose = uncovered(content.join(children, on="statement_id"), outer, "parent_statement_id")
    on = {"statement_id": "statement_id"}
    view = beside(statements, loose, on, loose_start="start", loose_end="end")
    parents = statements.select("statement_id", "article_id")
    view = beside(view, parents, {"parent_statement_id": "statement_id"}, parent_article="article_id")
    elsewhere = pl.col("parent_article") != pl.col("article_id")
    message = pl.format(
        "Expected a parent whose content covers [{}, {}]; found {}.",
        "loose_start",
        "loose_end",
        shown("parent_statement_id"),
    )
    return Verdict(view, elsewhere | pl.col("loose_end").is_null(), message, pl.col("parent_statement_id"))


def uncovered(inner: pl.LazyFrame, outer: pl.LazyFrame, owner: str) -> pl.LazyFrame:
    """Return the spans that don't lie in one of the other spans of their article and owner, by their start.

    Of the other spans that start no later, the one that reaches farthest covers a span if any does.

    Examples
    --------
    >>> spans = {"article_id": ["a", "a"], "statement_id": ["s", "s"], "start": [2, 8], "end": [5, 12]}
    >>> outer = pl.LazyFrame({"article_id": ["a"], "statement_id": ["s"], "start": [0], "end": [9]})
    >>> uncovered(pl.LazyFrame(spans), outer, "statement_id").select("start", "end").collect().rows()
    [(8, 12)]
    """
    reach = (
        outer.select("article_id", owner, "start", "end")
        .drop_nulls()
        .sort("start")
        .select("article_id", owner, "start", reach=pl.col("end").cum_max().over("article_id", owner))
    )
    return (
        inner.sort("start")
        .join_asof(reach, on="start", by=["article_id", owner], check_sortedness=False)
        .filter(pl.col("reach").fill_null(-1) < pl.col("end"))
        .sort("start")
    )


def in_circles(rows: pl.LazyFrame, key: str, parent: str) -> pl.LazyFrame:
    """Return the ids whose parents, followed upwards, never end.

    Each round doubles how far up one looks: after as many as its number has bits, a chain of all rows has ended.

    Examples
    --------
    >>> rows = pl.LazyFrame({"id": ["a", "b", "c", "d"], "parent": ["b", "a", None, "a"]})
    >>> sorted(in_circles(rows, "id", "parent").collect()["id"])
    ['a', 'b', 'd']
    """
    steps = rows.select(pl.col(key).alias("id"), pl.col(parent).alias("up")).drop_nulls().unique("id", keep="first")
    above = steps.collect(engine="in-memory")
    for _ in range(above.height.bit_length() + 1):
        above = above.join(above, left_on="up", right_on="id").select("id", pl.col("up_right").alias("up"))
    return above.lazy().select(pl.col("id").alias(key), circle=pl.lit(True))


def _ends(frames: Frames, table: str, key: str, parent: str) -> Verdict:
    circles = in_circles(frames[table], key, parent)
    view = beside(frames[table], circles, {key: key}, circle="circle")
    message = pl.format("Expected parents without a cycle; those of {} form one.", shown(parent))
    return Verdict(view, pl.col("circle").is_null(), message, pl.col(parent))


@rule("parent-cycle", "parent_statement_id", statements="statement_id parent_statement_id")
def statement_s_parents_end(frames: Frames) -> Verdict:
    """The parents of a statement, followed upwards, form no cycle."""
    return _ends(frames, "statements", "statement_id", "parent_statement_id")


@rule("parent-cycle", "parent_event_id", events="event_id parent_event_id")
def event_s_parents_end(frames: Frames) -> Verdict:
    """The parents of an event, followed upwards, form no cycle."""
    return _ends(frames, "events", "event_id", "parent_event_id")


@rule("id-prefix", "statement_id", statements="statement_id article_id")
def statement_id_begins_with_its_article(frames: Frames) -> Verdict:
    """The id of a statement is that of its article, a dot, and a part of its own."""
    message = pl.format("Expected an id of the form {}.s01; found {}.", "article_id", shown("statement_id"))
    holds = part_of("statement_id", "article_id")
    return Verdict(frames["statements"], holds, message, pl.col("statement_id"))
