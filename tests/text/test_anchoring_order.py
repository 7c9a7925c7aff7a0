"""Spans keep their order: of every two, each edge is where it may be, and what clashes is left out."""

from __future__ import annotations

from itertools import combinations, product
from random import Random

from readouts.text.anchoring import Anchor, _Candidate, _consistent, _keeps_order, _without_clashes
from readouts.text.fingerprint import Fingerprint

Pair = tuple[int, int]
STRETCHES = list(combinations(range(4), 2))
PRINTS = Fingerprint("", 0, "", "")


def placed(name: str, old: Pair, new: Pair) -> tuple[Anchor, _Candidate]:
    return Anchor(name, *old, PRINTS), _Candidate(*new)


def sign(number: int) -> int:
    return (number > 0) - (number < 0)


def in_order(old: tuple[Pair, Pair], new: tuple[Pair, Pair]) -> bool:
    """Edges that were one are one; others may meet, and don't change places."""
    before, now = list(product(*old)), list(product(*new))
    return all(sign(c - d) in {0, sign(a - b)} for (a, b), (c, d) in zip(before, now, strict=True))


def test_two_spans_keep_their_order_where_no_edge_passes_another() -> None:
    for one, other, here, there in product(STRETCHES, repeat=4):
        found = _keeps_order(placed("a", one, here), placed("b", other, there))
        assert found == in_order((one, other), (here, there))


def test_spans_that_claim_the_same_letters_in_another_order_are_both_left_out() -> None:
    chance = Random("clashes")
    for _ in range(2000):
        entries = [placed(str(number), *chance.choices(STRETCHES, k=2)) for number in range(4)]
        clashing = set()
        for (one, here), (other, there) in combinations(entries, 2):
            overlap = max(here.start, there.start) < min(here.end, there.end)
            if overlap and not _keeps_order((one, here), (other, there)):
                clashing |= {one.span_id, other.span_id}
        assert _without_clashes(entries) == [entry for entry in entries if entry[0].span_id not in clashing]


def test_spans_fit_that_keep_their_order_among_the_certain_ones_and_then_among_each_other() -> None:
    chance = Random("consistent")
    for _ in range(2000):
        certain, doubtful = (
            [placed(f"{kind}{number}", *chance.choices(STRETCHES, k=2)) for number in range(count)]
            for kind, count in (("certain", chance.randrange(2)), ("doubtful", 4))
        )
        fitting = [entry for entry in doubtful if all(_keeps_order(entry, known) for known in certain)]
        expected = [
            entry for entry in fitting if all(_keeps_order(entry, other) for other in fitting if other != entry)
        ]
        assert _consistent(doubtful, certain) == expected
