"""Rules of spans: where they lie, and what they belong to."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, Verdict, beside, part_of, rule, shown
from readouts.quality.rules.statements import uncovered

_OWNERS = {
    "content": ("statement_id",),
    "cue": ("statement_id", "depth"),
    "source": ("statement_id", "depth"),
    "quoted": ("statement_id",),
    "addressee": ("statement_id",),
    "mention": ("entity_id",),
    "relation": ("relation_id",),
    "readout": ("account_id",),
}
"""The columns that a span of each role must have; the roles of other regions need none."""

_PLACE = pl.format("[{}, {}]", "start", "end")
_STATEMENT = ("article_id", "statement_id")
_IDENTITY = ("article_id", "role", "start", "end", "statement_id", "depth", "relation_id", "account_id", "entity_id")


@rule("span-outside-article", "end", spans="start end")
def span_ends_behind_its_start(frames: Frames) -> Verdict:
    """A span ends after its start."""
    message = pl.format("Expected an end larger than the start {}; found {}.", "start", "end")
    return Verdict(frames["spans"], pl.col("end") > pl.col("start"), message, _PLACE)


@rule("span-outside-article", "end", spans="article_id start end", articles="article_id character_count")
def span_lies_in_its_article(frames: Frames) -> Verdict:
    """A span ends inside its article's text."""
    view = beside(frames["spans"], frames["articles"], {"article_id": "article_id"}, length="character_count")
    message = pl.format("Expected an end of at most {}, the text's length; found {}.", "length", "end")
    backwards = pl.col("end") <= pl.col("start")
    return Verdict(view, backwards | (pl.col("end") <= pl.col("length")), message, _PLACE)


@rule("span-owner-missing", "role", spans="role statement_id depth relation_id account_id entity_id")
def span_has_what_its_role_needs(frames: Frames) -> Verdict:
    """A span has the owner that its role needs."""
    missing = pl.coalesce(
        pl.when((pl.col("role") == role) & pl.col(column).is_null()).then(pl.lit(column))
        for role, columns in _OWNERS.items()
        for column in columns
    )
    message = pl.format("Expected a value of '{}' for a span of the role {}; found none.", missing, "role")
    return Verdict(frames["spans"], missing.is_null(), message, pl.col("role"))


@rule("duplicate-span", "span_id", spans=" ".join(_IDENTITY))
def span_is_there_once(frames: Frames) -> Verdict:
    """No two spans of an article have the same role, place and owner."""
    message = pl.format("Expected the {} span {} of this owner once; it is a duplicate.", "role", _PLACE)
    return Verdict(frames["spans"], pl.struct(_IDENTITY).is_first_distinct(), message, _PLACE)


@rule("boilerplate-annotated", "start", spans="article_id role start end")
def span_keeps_out_of_boilerplate(frames: Frames) -> Verdict:
    """Nothing is annotated in boilerplate: no span overlaps such a region, so that no statement starts in one.

    Of the regions that start before a span's end, the one that reaches farthest overlaps the span if any does.
    """
    spans = frames["spans"]
    region = (
        spans.filter(pl.col("role") == "boilerplate")
        .select("article_id", pl.col("start").alias("opens"), pl.col("end").alias("reach"))
        .drop_nulls()
        .sort("article_id", "opens")
        .with_columns(pl.col("reach").cum_max().over("article_id"))
    )
    view = (
        spans.with_row_index("place")
        .with_columns(last=pl.col("end") - 1)
        .sort("last", maintain_order=True, nulls_last=False)
        .join_asof(region.sort("opens"), left_on="last", right_on="opens", by="article_id", check_sortedness=False)
        .sort("place")
    )
    message = pl.format("Expected no {} span in boilerplate; found one at {}.", "role", _PLACE)
    inside = pl.col("reach").fill_null(0) > pl.col("start")
    return Verdict(view, (pl.col("role") == "boilerplate") | ~inside, message, _PLACE)


@rule("span-step-missing", "depth", spans="role statement_id depth", attributions="statement_id depth")
def cue_and_source_belong_to_a_step(frames: Frames) -> Verdict:
    """A cue or source belongs to a step that its statement's chain has."""
    step = {"statement_id": "statement_id", "depth": "depth"}
    view = beside(frames["spans"], frames["attributions"], step, found=pl.lit(True))
    needed = pl.col("role").is_in(["cue", "source"]) & pl.col("statement_id").is_not_null()
    needed &= pl.col("depth").is_not_null()
    message = pl.format("Expected the depth of a step of {}; found {}.", "statement_id", "depth")
    return Verdict(view, ~needed | pl.col("found").is_not_null(), message, pl.col("depth").cast(pl.String))


def _same_article(view: pl.LazyFrame, owner: str) -> Verdict:
    article = pl.col("article_id")
    message = pl.format("Expected the article of {}, {}; found {}.", owner, shown("owner_article"), shown(article))
    return Verdict(view, pl.col("owner_article").is_null() | (article == pl.col("owner_article")), message, article)


@rule("article-differs", "article_id", spans="article_id statement_id", statements="statement_id article_id")
def span_lies_in_the_article_of_its_statement(frames: Frames) -> Verdict:
    """A span lies in the article of its statement."""
    on = {"statement_id": "statement_id"}
    return _same_article(beside(frames["spans"], frames["statements"], on, owner_article="article_id"), "statement_id")


@rule("article-differs", "article_id", spans="article_id relation_id", relations="relation_id article_id")
def span_lies_in_the_article_of_its_relation(frames: Frames) -> Verdict:
    """A span lies in the article of its relation."""
    on = {"relation_id": "relation_id"}
    return _same_article(beside(frames["spans"], frames["relations"], on, owner_article="article_id"), "relation_id")


@rule("account-not-carried", "account_id", spans="article_id role account_id", carriages="account_id article_id")
def region_of_an_account_is_carried(frames: Frames) -> Verdict:
    """An article carries the accounts that it has regions of."""
    on = {"account_id": "account_id", "article_id": "article_id"}
    view = beside(frames["spans"], frames["carriages"], on, carried=pl.lit(True))
    needed = (pl.col("role") == "readout") & pl.col("account_id").is_not_null()
    message = pl.format("Expected an account that {} carries; found {}.", "article_id", shown("account_id"))
    return Verdict(view, ~needed | pl.col("carried").is_not_null(), message, pl.col("account_id"))


@rule("id-prefix", "span_id", spans="span_id article_id")
def span_id_begins_with_its_article(frames: Frames) -> Verdict:
    """The id of a span is that of its article, a dot, and a part of its own."""
    message = pl.format("Expected an id of the form {}.x0001; found {}.", "article_id", shown("span_id"))
    return Verdict(frames["spans"], part_of("span_id", "article_id"), message, pl.col("span_id"))


@rule("quoted-outside-content", "start", spans="article_id role start end statement_id")
def quoted_words_are_content(frames: Frames) -> Verdict:
    """The quoted words of a statement are content: each such span lies in a span of that role."""
    view = frames["spans"].with_row_index("place")
    content = view.filter(pl.col("role") == "content")
    # A statement without content is a finding of its own.
    quoted = view.filter(pl.col("role") == "quoted").join(content, on=list(_STATEMENT), how="semi")
    loose = uncovered(quoted, content, "statement_id")
    view = beside(view, loose, {"place": "place"}, loose=pl.lit(True))
    message = pl.format("Expected quoted words inside the content of {}; found {}.", "statement_id", _PLACE)
    return Verdict(view, pl.col("loose").is_null(), message, _PLACE)


@rule("cue-in-content", "start", spans="article_id role start end statement_id")
def cue_is_not_content(frames: Frames) -> Verdict:
    """A cue lies outside the content of its statement, unless one verb is both: a content span at the cue's place."""
    view = frames["spans"].with_row_index("place")
    content = view.filter(pl.col("role") == "content").select(*_STATEMENT, opens="start", closes="end")
    same = (pl.col("opens") == pl.col("start")) & (pl.col("closes") == pl.col("end"))
    loose = (
        view.filter(pl.col("role") == "cue")
        .join(content, on=list(_STATEMENT))
        .filter((pl.col("opens") < pl.col("end")) & (pl.col("start") < pl.col("closes")))
        .filter(~same.any().over("place"))
    )
    view = beside(view, loose, {"place": "place"}, opens="opens", closes="closes")
    message = pl.format("Expected a cue outside the content [{}, {}]; found {}.", "opens", "closes", _PLACE)
    return Verdict(view, pl.col("opens").is_null(), message, _PLACE)


@rule("mention-missing", "start", spans="article_id role start end entity_id skeleton_sha256")
def source_that_is_named_is_mentioned(frames: Frames) -> Verdict:
    """A source or addressee is a mention too where its words are those of one, or of a source with one, elsewhere.

    A pronoun or a description, such as *they* or *the two leaders*, is never a mention, and so asks for none.
    """
    view, entity = frames["spans"].with_row_index("place"), ["article_id", "entity_id"]
    named = view.filter(pl.col("role").is_in(["source", "addressee"]))
    mentions = view.filter(pl.col("role") == "mention").select(*entity, "skeleton_sha256", opens="start", closes="end")
    overlapping = (pl.col("opens") < pl.col("end")) & (pl.col("start") < pl.col("closes"))
    met = named.join(mentions.drop("skeleton_sha256"), on=entity).filter(overlapping)
    words = [*entity, "skeleton_sha256"]
    names = pl.concat([mentions.select(words), met.select(words)]).drop_nulls()
    loose = named.join(met, on="place", how="anti").join(names, on=words, how="semi")
    view = beside(view, loose, {"place": "place"}, loose=pl.lit(True))
    message = pl.format("Expected a mention of {} at {}, where the text names it; found none.", "entity_id", _PLACE)
    return Verdict(view, pl.col("loose").is_null(), message, _PLACE)
