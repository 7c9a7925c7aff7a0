"""Rules of relations between entities, and of alignments between statements."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.analysis.claims import joined
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import ASPECTS, SYMMETRIC
from readouts.quality.rules.rule import Frames, Verdict, beside, rule, shown
from readouts.quality.rules.sides import parties

_EXCLUSIVE = ("same_claim", "weaker", "stronger", "contradicts", "in_tension")
"""Relations of which two statements have no more than one."""


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
        .otherwise(pl.format("Expected an id after {} for {}; found {}.", shown(a), "relation", shown(b)))
    )
    return Verdict(frames["alignments"], (a != b) & (~symmetric | (a < b)), message, b)


@rule("claim-differs", "relation", alignments="statement_a statement_b relation")
def one_claim_does_not_differ_in_itself(frames: Frames) -> Verdict:
    """Two statements that make the same claim through others are not marked as differing in it.

    Two that are marked both as making the same claim and as differing have two relations that exclude each other.
    """
    a, b, relation = pl.col("statement_a"), pl.col("statement_b"), pl.col("relation")
    pair = {"one": pl.min_horizontal(a, b), "other": pl.max_horizontal(a, b)}
    view = frames["alignments"].with_columns(**pair)
    same = view.filter(relation == "same_claim", a.is_not_null(), b.is_not_null())
    rows = same.select("statement_a", "statement_b").collect(engine="in-memory")
    claims = joined({*rows["statement_a"], *rows["statement_b"]}, rows.to_dicts())
    of = pl.DataFrame({"statement": list(claims), "claim": list(claims.values())}, schema_overrides=_CLAIM).lazy()
    for side in ("a", "b"):
        view = beside(view, of, {f"statement_{side}": "statement"}, **{f"claim_{side}": "claim"})
    view = beside(view, same, {"one": "one", "other": "other"}, at_once=pl.lit(True))
    differ = relation.is_in([each for each in _EXCLUSIVE if each != "same_claim"]) & pl.col("at_once").is_null()
    one = (pl.col("claim_a") == pl.col("claim_b")).fill_null(value=False)
    message = pl.format(
        "Expected two claims for {}; {} and {} are joined as the same claim.", relation, shown(a), shown(b)
    )
    return Verdict(view, ~(differ & one), message, relation)


_CLAIM = {"statement": pl.String, "claim": pl.String}


@rule("pair-aligned-twice", "relation", alignments="alignment_id statement_a statement_b aspect relation")
def pair_has_one_relation_per_aspect(frames: Frames) -> Verdict:
    """Two statements, whichever is a, have one relation per aspect, and only one of those that exclude each other.

    The same relation of a to b twice is a finding of the keys.
    """
    a, b, relation = pl.col("statement_a"), pl.col("statement_b"), pl.col("relation")
    # A relation of the other aspect than its own is a finding of its own.
    aspect = relation.replace_strict(ASPECTS, default=pl.col("aspect"), return_dtype=pl.String)
    pair = {"one": pl.min_horizontal(a, b), "other": pl.max_horizontal(a, b), "aspect": aspect}
    excludes = relation.is_in(list(_EXCLUSIVE))
    told = a.is_not_null() & b.is_not_null() & pl.struct(a, b, relation).is_first_distinct()
    view = frames["alignments"].with_columns(**pair, told=told, excludes=excludes).with_row_index("place")
    counted = view.filter("told")
    for group, rows in (("aspect", counted), ("excludes", counted.filter("excludes"))):
        first = {f"{group}_place": pl.col("place"), f"{group}_before": pl.format("{} ({})", relation, "alignment_id")}
        view = beside(view, rows, {"one": "one", "other": "other", group: group}, **first)
    again = {group: pl.col("told") & (pl.col("place") > pl.col(f"{group}_place")) for group in ("aspect", "excludes")}
    before = pl.when(again["aspect"]).then("aspect_before").otherwise("excludes_before")
    message = pl.format(
        "Expected one relation of {} and {}; found {} besides {}.", shown(a), shown(b), relation, before
    )
    holds = ~pl.any_horizontal(each.fill_null(value=False) for each in again.values())
    return Verdict(view, holds, message, relation)


@rule("aspect-differs", "aspect", alignments="aspect relation")
def relation_belongs_to_its_aspect(frames: Frames) -> Verdict:
    """An alignment has the aspect of its relation: what is claimed, or how it is worded."""
    aspect, relation = pl.col("aspect"), pl.col("relation")
    expected = relation.replace_strict(ASPECTS, default=None, return_dtype=pl.String)
    message = pl.format("Expected the aspect {} for {}; found {}.", expected, relation, shown(aspect))
    return Verdict(frames["alignments"], aspect == expected, message, aspect)


@rule(
    "scope-differs",
    "scope",
    alignments="statement_a statement_b scope",
    statements="statement_id event_id speaker_id",
    attributions="statement_id depth account_id",
    accounts="account_id event_id side",
    participants="event_id entity_id side",
    events="event_id side_a_id side_b_id",
)
def scope_agrees_with_the_sides(frames: Frames) -> Verdict:
    """The scope of an alignment agrees with the sides of its statements, or with the account that one comes through."""
    steps = frames["attributions"]
    through = steps.filter(pl.col("account_id").is_not_null()).select("statement_id", through=pl.lit(True))
    statements = beside(parties(frames), through, {"statement_id": "statement_id"}, through="through")
    view = frames["alignments"]
    for name in ("a", "b"):
        columns = {f"side_{name}": pl.col("side"), f"parties_{name}": pl.col("parties")}
        columns[f"through_{name}"] = pl.col("through").fill_null(value=False)
        view = beside(view, statements, {f"statement_{name}": "statement_id"}, **columns)
    a, b, scope = pl.col("side_a"), pl.col("side_b"), pl.col("scope")
    ours, theirs = pl.col("parties_a"), pl.col("parties_b")
    one = ours.list.set_intersection(theirs).list.len() > 0
    opposite = (ours.list.len() > 0) & (theirs.list.len() > 0) & (ours.list.set_union(theirs).list.len() > 1)
    expected = {
        "same_side": (one, "statements of one side"),
        "cross_side": (opposite, "statements of opposite sides"),
        "third_party": ((a == "third") | (b == "third"), "a statement of the side third"),
        "article_to_account": (pl.col("through_a") | pl.col("through_b"), "a statement that comes through an account"),
    }
    holds = pl.coalesce(pl.when(scope == name).then(fits) for name, (fits, _) in expected.items())
    wanted = scope.replace_strict({name: words for name, (_, words) in expected.items()}, default=None)
    found = pl.when(scope == "article_to_account").then(pl.lit("none")).otherwise(pl.format("sides {} and {}", a, b))
    message = pl.format("Expected {} for {}; found {}.", wanted, scope, found)
    return Verdict(view, holds | a.is_null() | b.is_null(), message, scope)


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
