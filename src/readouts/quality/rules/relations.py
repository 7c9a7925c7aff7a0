"""Rules of relations between entities, and of alignments between statements."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and stands in the documentation

from __future__ import annotations

import polars as pl

from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import SYMMETRIC
from readouts.quality.rules.rule import Frames, Verdict, beside, rule, shown


@rule("mode-misfit", "mode", relations="predicate mode")
def mode_fits_its_event(frames: Frames) -> Verdict:
    """The mode of a relation is one that PLOVER gives its event."""
    modes = load_plover().modes
    pairs = pl.LazyFrame(
        [(event, mode) for event, known in modes.items() for mode in known],
        schema={"predicate": pl.String, "mode": pl.String},
        orient="row",
    )
    on = {"predicate": "predicate", "mode": "mode"}
    view = beside(frames["relations"], pairs, on, fits=pl.lit(True))
    known = pl.col("predicate").replace_strict(
        {event: ", ".join(known) or "none" for event, known in modes.items()}, default="none", return_dtype=pl.String
    )
    mode = pl.col("mode")
    message = pl.format("Expected a mode of {} ({}); found {}.", "predicate", known, shown(mode))
    nothing = mode.is_null() | pl.col("predicate").is_null()
    return Verdict(view, nothing | pl.col("fits").is_not_null(), message, mode)


@rule("recipient-missing", "object_id", relations="predicate object_id")
def recipient_is_there_where_it_is_needed(frames: Frames) -> Verdict:
    """A relation has an object where PLOVER's event needs a recipient."""
    needed = pl.col("predicate").is_in(sorted(load_plover().recipient_required))
    message = pl.format("{} needs a recipient, and there is no 'object_id'.", "predicate")
    return Verdict(frames["relations"], ~needed | pl.col("object_id").is_not_null(), message, pl.col("object_id"))


@rule("context-unknown", "contexts", relations="contexts")
def contexts_are_plover_s(frames: Frames) -> Verdict:
    """The contexts of a relation are PLOVER's."""
    known = load_plover().contexts
    strange = pl.col("contexts").list.set_difference(list(known)).list.sort().list.join(", ")
    message = pl.format(f"Expected contexts of PLOVER ({', '.join(known)}); found {{}}.", shown(strange))
    return Verdict(frames["relations"], strange.fill_null("") == "", message, strange)


@rule("article-differs", "article_id", relations="article_id statement_id", statements="statement_id article_id")
def relation_is_in_the_article_of_its_statement(frames: Frames) -> Verdict:
    """A relation that a statement asserts is in the article of that statement."""
    on = {"statement_id": "statement_id"}
    view = beside(frames["relations"], frames["statements"], on, asserted_in="article_id")
    article, expected = pl.col("article_id"), pl.col("asserted_in")
    message = pl.format("Expected {}, the article of its statement; found {}.", shown(expected), shown(article))
    return Verdict(view, expected.is_null() | article.eq_missing(expected), message, article)


@rule("dates-reversed", "valid_to", relations="valid_from valid_to")
def relation_holds_until_after_it_begins(frames: Frames) -> Verdict:
    """A relation doesn't end before it begins."""
    last = pl.col("valid_to")
    message = pl.format("Expected a day not before {}, when it begins; found {}.", "valid_from", last)
    return Verdict(frames["relations"], last >= pl.col("valid_from"), message, last.cast(pl.String))


@rule("dates-reversed", "retrieved_on", articles="published_on retrieved_on")
def article_is_retrieved_after_it_is_published(frames: Frames) -> Verdict:
    """An article isn't retrieved before it is published."""
    day = pl.col("retrieved_on")
    message = pl.format("Expected a day not before {}, when it was published; found {}.", "published_on", day)
    return Verdict(frames["articles"], day >= pl.col("published_on"), message, day.cast(pl.String))


@rule("alignment-order", "statement_b", alignments="statement_a statement_b relation")
def symmetric_alignment_has_the_smaller_id_first(frames: Frames) -> Verdict:
    """An alignment joins two statements, the smaller id first where it says the same both ways."""
    a, b = pl.col("statement_a"), pl.col("statement_b")
    symmetric = pl.col("relation").is_in(list(SYMMETRIC))
    message = (
        pl.when(a == b)
        .then(pl.format("Expected two statements; found {} twice.", shown(a)))
        .otherwise(pl.format("Expected an id behind {} for {}; found {}.", shown(a), "relation", shown(b)))
    )
    return Verdict(frames["alignments"], (a != b) & (~symmetric | (a < b)), message, b)


@rule(
    "event-differs",
    "statement_b",
    alignments="statement_a statement_b relation",
    statements="statement_id event_id",
)
def claims_that_meet_speak_of_one_event(frames: Frames) -> Verdict:
    """Statements that make the same claim, or contradict each other, speak of one event."""
    statements = frames["statements"]
    view = frames["alignments"]
    for side in ("a", "b"):
        columns = {f"event_{side}": pl.col("event_id"), f"there_{side}": pl.lit(True)}
        view = beside(view, statements, {f"statement_{side}": "statement_id"}, **columns)
    meet = pl.col("relation").is_in(["same_claim", "contradicts"])
    # A statement that isn't there is the finding of the references.
    judged = meet & pl.col("there_a").is_not_null() & pl.col("there_b").is_not_null()
    a, b = pl.col("event_a"), pl.col("event_b")
    message = pl.format("Expected statements on one event for {}; found {} and {}.", "relation", shown(a), shown(b))
    return Verdict(view, ~judged | (a == b).fill_null(False), message, pl.col("statement_b"))
