"""Rules of source chains: steps without gaps, each with one name, the deepest of them the speaker."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, Verdict, beside, rule, shown


@rule("chain-broken", "statement_id", statements="statement_id", attributions="statement_id")
def statement_has_a_source(frames: Frames) -> Verdict:
    """A statement has a source: its chain has at least one step."""
    on = {"statement_id": "statement_id"}
    view = beside(frames["statements"], frames["attributions"], on, found=pl.lit(True))
    message = pl.format("Expected a step of the source chain of {}; found none.", "statement_id")
    return Verdict(view, pl.col("found").is_not_null(), message, pl.col("statement_id"))


@rule("chain-broken", "depth", attributions="statement_id depth")
def chain_has_no_gap(frames: Frames) -> Verdict:
    """The depths of a chain are 0, 1, 2 and so on, without a gap."""
    steps = frames["attributions"].with_columns(before=pl.col("depth") - 1)
    on = {"statement_id": "statement_id", "before": "depth"}
    view = beside(steps, steps, on, found=pl.lit(True))
    message = pl.format("Expected a step of depth {} before that of depth {}; found none.", "before", "depth")
    depth = pl.col("depth")
    return Verdict(view, (depth == 0) | pl.col("found").is_not_null(), message, depth.cast(pl.String))


@rule("chain-broken", "seq", attributions="statement_id depth seq")
def joint_sources_are_counted_without_a_gap(frames: Frames) -> Verdict:
    """The joint sources of a step are counted 0, 1, 2 and so on, without a gap."""
    steps = frames["attributions"].with_columns(before=pl.col("seq") - 1)
    on = {"statement_id": "statement_id", "depth": "depth", "before": "seq"}
    view = beside(steps, steps, on, found=pl.lit(True))
    message = pl.format("Expected a source with seq {} before that with seq {}; found none.", "before", "seq")
    seq = pl.col("seq")
    return Verdict(view, (seq == 0) | pl.col("found").is_not_null(), message, seq.cast(pl.String))


@rule("step-unnamed", "entity_id", attributions="entity_id label")
def step_has_one_name(frames: Frames) -> Verdict:
    """A step has either an entity or, for an unnamed source, a label."""
    entity, label = pl.col("entity_id"), pl.col("label")
    message = pl.format(
        "Expected either an entity or a label; found the entity {} and the label {}.", shown(entity), shown(label)
    )
    return Verdict(frames["attributions"], entity.is_null() != label.is_null(), message, pl.coalesce(entity, label))


@rule(
    "speaker-differs",
    "speaker_id",
    statements="statement_id speaker_id",
    attributions="statement_id depth seq entity_id",
)
def speaker_is_the_deepest_step(frames: Frames) -> Verdict:
    """The speaker is the deepest step, when that is one named entity; else there is none."""
    steps = frames["attributions"]
    deepest = (
        steps.filter(pl.col("depth") == pl.col("depth").max().over("statement_id"))
        .group_by("statement_id")
        .agg(entity=pl.col("entity_id").first(), sources=pl.col("seq").n_unique())
        .with_columns(entity=pl.when(pl.col("sources") == 1).then("entity"))
    )
    on = {"statement_id": "statement_id"}
    view = beside(frames["statements"], deepest, on, deepest="entity", sources="sources")
    speaker = pl.col("speaker_id")
    message = pl.format("Expected {}, the deepest step of the chain; found {}.", shown("deepest"), shown(speaker))
    return Verdict(view, pl.col("sources").is_null() | speaker.eq_missing(pl.col("deepest")), message, speaker)


def _steps_with_article(frames: Frames) -> pl.LazyFrame:
    return beside(frames["attributions"], frames["statements"], {"statement_id": "statement_id"}, article="article_id")


@rule(
    "own-outlet",
    "entity_id",
    attributions="statement_id entity_id",
    statements="statement_id article_id",
    articles="article_id outlet_id",
)
def outlet_is_no_step(frames: Frames) -> Verdict:
    """The article's own outlet is never a step."""
    view = beside(_steps_with_article(frames), frames["articles"], {"article": "article_id"}, outlet="outlet_id")
    entity = pl.col("entity_id")
    message = pl.format("Expected a source other than {}, the article's own outlet.", shown(entity))
    return Verdict(view, entity != pl.col("outlet"), message, entity)


@rule("account-issuer", "account_id", attributions="entity_id account_id", accounts="account_id issuer_id")
def account_is_that_of_its_issuer(frames: Frames) -> Verdict:
    """A step speaks through an account that it issued itself."""
    view = beside(frames["attributions"], frames["accounts"], {"account_id": "account_id"}, issuer="issuer_id")
    issuer, account = pl.col("issuer"), pl.col("account_id")
    message = pl.format(
        "Expected an account that {} issued; found {}, issued by {}.",
        shown("entity_id"),
        shown(account),
        shown(issuer),
    )
    return Verdict(view, issuer.is_null() | pl.col("entity_id").eq_missing(issuer), message, account)


@rule(
    "account-not-carried",
    "account_id",
    attributions="statement_id account_id",
    statements="statement_id article_id",
    carriages="account_id article_id",
)
def account_of_a_step_is_carried(frames: Frames) -> Verdict:
    """An article carries the accounts that its sources speak through."""
    on = {"account_id": "account_id", "article": "article_id"}
    view = beside(_steps_with_article(frames), frames["carriages"], on, carried=pl.lit(True))
    account = pl.col("account_id")
    unknown = account.is_null() | pl.col("article").is_null()
    message = pl.format("Expected an account that {} carries; found {}.", shown("article"), shown(account))
    return Verdict(view, unknown | pl.col("carried").is_not_null(), message, account)
