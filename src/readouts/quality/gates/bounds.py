"""How far a measure may move between two releases before it is more than noise.

Two releases share most of their rows, so they are not two samples. Rows are taken as independent draws from one source:
what the releases share can't differ between them, what was added or taken out can. A share, and the total variation
distance of two distributions, then change by at most `1/n` with each draw, and the method of bounded differences limits
how far they stray, for any number of rows and without a normal approximation: C. McDiarmid, "On the method of bounded
differences", Surveys in Combinatorics 1989, pp. 148-188. The squares of these differences sum up to the `spread` of the
two releases. The expected distance itself is at most `sqrt((k - 1) * spread) / 2` for `k` parts, by the inequalities of
Jensen and Cauchy-Schwarz. C. L. Canonne, "A short note on learning discrete distributions", arXiv:2002.11457 (2020),
puts the two together for one sample; the `spread` carries it over to two that overlap.
"""

from __future__ import annotations

import math

__all__ = ["row_bounds", "share_allowance", "slack", "spread", "variation", "variation_allowance"]


def spread(old: int, new: int, shared: int) -> float:
    """Return the variance, in units of one draw's, of the difference of two means that share some of their rows.

    Examples
    --------
    >>> spread(100, 100, 100)
    0.0
    >>> spread(100, 200, 100)
    0.005
    >>> spread(100, 100, 0)
    0.02
    """
    return (old + new - 2 * shared) / (old * new)


def slack(tolerance: float, rows: int, new: int) -> float:
    """Return the share of rows that may be edited: the tolerance, or that of a few rows where they are more.

    Examples
    --------
    >>> slack(0.05, 2, 1000), slack(0.05, 2, 10)
    (0.05, 0.2)
    """
    return max(tolerance, rows / new)


def share_allowance(scatter: float, chance: float | None) -> float:
    """Return how far a share strays by the rows that came and went, but for the given chance (None: not at all).

    Examples
    --------
    >>> share_allowance(0.0, 0.01)
    0.0
    >>> round(share_allowance(spread(100, 200, 100), 0.01), 3)
    0.107
    """
    return 0.0 if chance is None else math.sqrt(scatter * math.log(1 / chance) / 2)


def variation_allowance(scatter: float, parts: int, chance: float | None) -> float:
    """Return how far a distribution of so many parts strays, as total variation, but for the given chance.

    Examples
    --------
    >>> variation_allowance(0.0, 9, 0.01)
    0.0
    >>> round(variation_allowance(spread(1000, 1100, 1000), 9, 0.01), 3)
    0.028
    """
    if chance is None:
        return 0.0
    return math.sqrt(max(parts - 1, 0) * scatter) / 2 + share_allowance(scatter, chance)


def variation(old: dict[str, float], new: dict[str, float]) -> float:
    """Return the total variation distance: the share of one distribution that has to move to make it the other.

    Examples
    --------
    >>> round(variation({"talks": 0.5, "call": 0.5}, {"talks": 0.25, "call": 0.5, "media": 0.25}), 3)
    0.25
    """
    return math.fsum(abs(new.get(part, 0.0) - old.get(part, 0.0)) for part in sorted({*old, *new})) / 2


def row_bounds(old: int, *, loss: float, growth: float, headroom: int) -> tuple[int, int]:
    """Return the least and the most rows a table may have.

    Parameters
    ----------
    old
        Rows of the older release.
    loss
        Share that may go, rounded up to whole rows; a table that had rows never loses all of them.
    growth, headroom
        The table may grow by this factor, or by so many rows where that is more.

    Examples
    --------
    >>> row_bounds(66, loss=0.05, growth=10, headroom=100)
    (62, 660)
    >>> row_bounds(1, loss=0.05, growth=10, headroom=100)
    (1, 101)
    """
    # Rounded first: 0.05 * 60 is a little more than 3 in binary.
    least = old - math.ceil(round(loss * old, 9))
    return max(least, min(old, 1)), max(math.floor(old * growth), old + headroom)
