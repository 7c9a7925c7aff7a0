"""The columns of the overviews: which each has, and what they hold."""

from __future__ import annotations

__all__ = ["ACCOUNTS", "CLOSED", "COLUMNS", "FATES", "MEANINGS", "MET"]

ACCOUNTS = {
    "in_full": "an article carries an account of each side in full",
    "in_part": "both sides have an account, but no article carries that of one or of both in full",
    "one_side": "only one side has an account",
    "none": "neither side has an account",
}
"""What the corpus has of the accounts of an event; only those of the first kind are counted with others."""
FATES = ("contradicted", "in_tension", "both", "partly", "left_out")
"""What an account does with a claim of the other side's account: the first of these that applies."""

MET = FATES[:4]
"""The groups of claims that both sides have to do with."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "event": (
        "event_id", "title", "date", "kind", "accounts", "pair", "side_a_id", "side_a", "side_b_id", "side_b",
        *MET, "only_a", "only_b", "third", "claims",
        "claims_of_a", "left_out_by_b", "claims_of_b", "left_out_by_a", "claim_keys",
    ),
    "issuer": (
        "issuer_id", "issuer", "pair", "own_id", "own", "other_id", "other", "topic", "events",
        *FATES, "claims_of_other", "left_out_share", "left_out_keys", "claim_keys",
    ),
    "topic": (
        "topic", "pair", "first_id", "first", "second_id", "second", "events",
        "raised_by", "raised_by_both", "raised_by_first_only", "raised_by_second_only",
        *MET, "only_first", "only_second", "third", "claims", "claim_keys",
    ),
    "year": ("year", "events", *MET, "only_one", "third", "claims", "claim_keys"),
    "pair": (
        "pair", "first_id", "first", "second_id", "second", "events",
        *MET, "only_first", "only_second", "third", "claims",
        "claims_of_first", "left_out_by_second", "claims_of_second", "left_out_by_first", "claim_keys",
    ),
}  # fmt: skip
"""The columns of each overview, in order."""
MEANINGS: dict[str, tuple[str, str]] = {
    "event_id": ("string", "The event."),
    "title": ("string", "Its title."),
    "date": ("date", "Its date."),
    "kind": ("string", "Its kind: `call`, `meeting` and so on."),
    "accounts": ("string", "What the corpus has of its accounts. Only events with `in_full` are in other overviews."),
    "side_a_id": ("string", "The government that side a stands for."),
    "side_a": ("string", "What side a is called: its government, else who issued its accounts, else its principals."),
    "side_b_id": ("string", "The government that side b stands for."),
    "side_b": ("string", "What side b is called."),
    "issuer_id": ("string", "The issuer of the accounts."),
    "issuer": ("string", "Its name."),
    "own_id": ("string", "The government of the issuer's own side."),
    "own": ("string", "What that side is called."),
    "other_id": ("string", "The government of the other side."),
    "other": ("string", "What the other side is called."),
    "topic": ("string", "The topic of the claims."),
    "year": ("integer", "The year of the events; missing where an event has no date."),
    "pair": ("string", "The names of both sides, in alphabetical order; by event, missing where one isn't known."),
    "first_id": ("string", "The government that comes first."),
    "first": ("string", "Its name."),
    "second_id": ("string", "The government that comes second."),
    "second": ("string", "Its name."),
    "events": ("integer", "How many events the claims are of."),
    "raised_by": ("string", "Side whose account raises the topic in at least one event: `first`, `second` or `both`."),
    "raised_by_both": ("integer", "Events in which accounts of both sides make a claim of the topic."),
    "raised_by_first_only": ("integer", "Events in which only an account of the first side does."),
    "raised_by_second_only": ("integer", "Events in which only an account of the second side does."),
    "contradicted": ("integer", "Claims that one of the opposite side contradicts (by issuer, one of its account)."),
    "in_tension": ("integer", "Claims in tension with one of the opposite side, and none of the above."),
    "both": ("integer", "Claims that both sides make, and none of the above."),
    "partly": ("integer", "Claims of which the opposite side says more or less, and none of the above."),
    "only_a": ("integer", "Claims that only side a makes, and none of the above."),
    "only_b": ("integer", "Claims that only side b makes, and none of the above."),
    "only_first": ("integer", "Claims that only the first side makes, and none of the above."),
    "only_second": ("integer", "Claims that only the second side makes, and none of the above."),
    "only_one": ("integer", "Claims that one side alone makes, whichever, and none of the above."),
    "third": ("integer", "Claims that neither side makes."),
    "claims": ("integer", "All claims of a side: the sum of the groups but `third`."),
    "claims_of_a": ("integer", "Claims that an account of side a makes."),
    "claims_of_b": ("integer", "Claims that an account of side b makes."),
    "claims_of_first": ("integer", "Claims that an account of the first side makes."),
    "claims_of_second": ("integer", "Claims that an account of the second side makes."),
    "claims_of_other": ("integer", "Claims that an account of the other side makes: the sum of the five before it."),
    "left_out_by_a": ("integer", "How many of side b's the accounts of side a leave out; missing unless `in_full`."),
    "left_out_by_b": ("integer", "How many of side a's the accounts of side b leave out; missing unless `in_full`."),
    "left_out_by_first": ("integer", "How many of the second side's the accounts of the first side leave out."),
    "left_out_by_second": ("integer", "How many of the first side's the accounts of the second side leave out."),
    "left_out": ("integer", "Claims that the issuer's account neither makes nor answers, and none of the above."),
    "left_out_share": ("number", "`left_out` by `claims_of_other`, to four decimals."),
    "left_out_keys": ("list", "The claims left out, each as `event_id/claim_id`."),
    "claim_keys": ("list", "The claims that are counted, each as `event_id/claim_id`, with those of `third`."),
}
"""The type of each column, and what it holds."""
CLOSED = {"accounts": tuple(ACCOUNTS), "raised_by": ("both", "first", "second")}
"""The values of the columns that hold one of a few."""
