"""Made-up columns: invented words and sentences, days, numbers as texts, and ids in the order of their numbers.

Everything is a string, as it is in a file; null is an empty cell. Values are gathered from small pools, which makes
millions of them in seconds.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

__all__ = [
    "chosen", "days", "decimals", "generator", "joined", "lists", "moments", "named", "pick", "sentence", "some",
    "texts", "words",
]  # fmt: skip

SEED = 2031
FIRST_DAY = datetime.date(2026, 1, 1)


def generator(*key: int) -> Generator:
    return np.random.default_rng([SEED, *key])


@cache
def words() -> list[str]:
    """Return 3,000 invented words, one in twenty-five with letters outside ASCII."""
    chance = generator(1)
    starts = ("b", "br", "d", "dr", "f", "g", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "v", "z")
    middles = ("a", "e", "i", "o", "u", "ai", "ei", "ou")
    ends = ("l", "m", "n", "r", "s", "t", "nd", "rk", "ll", "v", "", "", "")
    marked = str.maketrans("aeiouszd", "áéíöúšžđ")
    made: dict[str, None] = {}
    while len(made) < 3000:
        syllables = range(int(chance.integers(1, 4)))
        word = "".join(_one(starts, chance) + _one(middles, chance) for _ in syllables) + _one(ends, chance)
        made[word.translate(marked) if len(made) % 25 == 0 else word] = None
    return list(made)


def _one(pool: Sequence[str], chance: Generator) -> str:
    return pool[int(chance.integers(0, len(pool)))]


@cache
def _phrases(table: int) -> pl.Series:
    """Return 20,000 phrases of two to four words; one in fifty has a comma, one in a hundred a quotation."""
    chance = generator(2, table)
    known = np.array(words())
    made = []
    for number in range(20_000):
        picked = known[chance.integers(0, len(known), int(chance.integers(2, 5)))].tolist()
        if number % 50 == 0:
            picked[0] += ","
        if number % 100 == 1:
            picked[-1] = f'"{picked[-1]}"'
        made.append(" ".join(picked))
    return pl.Series(made)


def pick(pool: pl.Series | Sequence[str], indices: Indices) -> pl.Series:
    return (pool if isinstance(pool, pl.Series) else pl.Series(pool)).gather(pl.Series(indices))


def some(values: pl.Series, chance: Generator, share: float) -> pl.Series:
    """Return the values with only this share of them left, the others null."""
    kept = pl.Series(chance.random(len(values)) < share)
    return pl.select(pl.when(kept).then(values)).to_series()


def joined(*parts: pl.Series | str) -> pl.Series:
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def sentence(chance: Generator, rows: int, phrases: int, table: int) -> pl.Series:
    pool = _phrases(table)
    parts = [pick(pool, chance.integers(0, len(pool), rows)) for _ in range(phrases)]
    return pl.select(pl.concat_str([pl.lit(part) for part in parts], separator=" ")).to_series()


@cache
def days(count: int = 2500) -> pl.Series:
    return pl.Series([(FIRST_DAY + datetime.timedelta(days=number)).isoformat() for number in range(count)])


@cache
def moments() -> pl.Series:
    first = datetime.datetime(2031, 1, 1, 6, 30, 5, tzinfo=datetime.UTC)
    return pl.Series(
        [(first + datetime.timedelta(minutes=7 * number)).strftime("%Y-%m-%dT%H:%M:%SZ") for number in range(20_000)]
    )


def texts(numbers: Indices) -> pl.Series:
    return pl.Series(numbers).cast(pl.String)


def decimals(numbers: Indices, places: int) -> pl.Series:
    """Return numbers with so many decimal places, as the shortest text that tells each."""
    values: pl.Series = pl.Series(numbers) / 10**places
    return values.round(places).cast(pl.String)


def chosen(pool: Sequence[str], chance: Generator, rows: int) -> pl.Series:
    return pick(pool, chance.integers(0, len(pool), rows))


def lists(chance: Generator, pool: Sequence[str], rows: int, longest: int) -> pl.Series:
    """Return lists of one to so many items, written with commas."""
    made = [",".join(pool[index] for index in chance.integers(0, len(pool), 1 + n % longest)) for n in range(2000)]
    return chosen(made, chance, rows)


def named(prefixes: Sequence[str], numbers: Indices, total: int) -> pl.Series:
    """Return ids whose order is that of the numbers: sorted prefixes, each for a stretch of numbers."""
    ordered = sorted(prefixes, key=lambda prefix: f"{prefix}-")
    width = max(6, len(str(total - 1)))
    return joined(pick(ordered, numbers * len(ordered) // total), "-", texts(numbers).str.zfill(width))
