"""Rules of what is known and who read it: dates with their precision, and reviews with their reviewers."""

# ruff: noqa: D401 - the first line of a rule says what must hold, and is in the documentation

from __future__ import annotations

import polars as pl

from readouts.quality.rules.rule import Frames, Verdict, rule, shown

_READERS = {"machine": 0, "one_human": 1, "two_humans": 2, "adjudicated": 3}
"""How many persons have read what has a review."""


@rule("date-precision", "date_precision", events="date date_precision")
def date_has_a_precision(frames: Frames) -> Verdict:
    """An event has a date and its precision, or neither."""
    date, precision = pl.col("date"), pl.col("date_precision")
    message = pl.format(
        "Expected a date and its precision, or neither; found {} and {}.",
        shown(date.cast(pl.String)),
        shown(precision),
    )
    return Verdict(frames["events"], date.is_null() == precision.is_null(), message, precision)


def _reviewed(frames: Frames, table: str) -> Verdict:
    review, people = pl.col("review"), pl.col("reviewed_by").list.n_unique().fill_null(0)
    needed = review.replace_strict(_READERS, default=None, return_dtype=pl.Int64)
    expected = pl.when(needed == 0).then(pl.lit("no reviewer")).otherwise(pl.format("{} or more reviewers", needed))
    message = pl.format("Expected {} for the review {}; found {}.", expected, shown(review), people)
    holds = pl.when(needed == 0).then(people == 0).otherwise(people >= needed)
    return Verdict(frames[table], holds, message, pl.col("reviewed_by").list.join("|"))


@rule("reviewer-missing", "reviewed_by", statements="review reviewed_by")
def statement_names_its_reviewers(frames: Frames) -> Verdict:
    """A statement that persons have read names as many as its review says; any other names none."""
    return _reviewed(frames, "statements")


@rule("reviewer-missing", "reviewed_by", alignments="review reviewed_by")
def alignment_names_its_reviewers(frames: Frames) -> Verdict:
    """An alignment that persons have read names as many as its review says; any other names none."""
    return _reviewed(frames, "alignments")
