"""The rows of the generated tables, in blocks that are made independently of each other and sorted by key.

A row is a pure function of the scale and its number: every block has a random generator of its own, seeded by table and
block. So memory doesn't grow with the scale, and a defect can be planted in one block without a look at the others.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from benchmarks.invented import (
    chosen,
    days,
    decimals,
    generator,
    joined,
    lists,
    moments,
    named,
    pick,
    sentence,
    some,
    texts,
    words,
)
from benchmarks.schemas import ACTS, KINDS, PREDICATES, ROWS, SCHEMAS, TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

__all__ = ["Plan", "blocks", "plan", "spare_rows"]

ARTICLES_A_BLOCK = 1000
ENTITIES_A_BLOCK = 50_000
# Articles and entities whose number ends in 9, and every seventh statement of an article, are never referred to:
# there a defect stays alone.
SPARE = 10
SPARE_STATEMENT = 7
SPARE_RELATION = 3
# Three digits for all rows of an article, so that numbers and their texts have the same order.
FIRST_NUMBER = 101


@dataclass(frozen=True)
class Plan:
    """How many rows each table has, and how those of statements and relations are spread over articles.

    Attributes
    ----------
    rows
        Rows by table.
    statements, relations
        For each article, how many of its own there are.
    """

    rows: dict[str, int]
    statements: Indices
    relations: Indices


def _spread(total: int, weights: Indices) -> Indices:
    """Return parts in proportion to the weights, whose sum is the total."""
    bounds: Indices = np.cumsum(weights) * total // weights.sum()
    return np.diff(bounds, prepend=np.int64(0))


def plan(scale: float) -> Plan:
    """Return how many rows there are at a scale; at least 10 articles, so that each table has spare rows.

    Examples
    --------
    >>> plan(0.001).rows
    {'articles': 20, 'entities': 50, 'statements': 1000, 'relations': 300}
    """
    rows = {table: max(SPARE, round(count * scale)) for table, count in ROWS.items()}
    numbers = np.arange(rows["articles"])
    used = numbers % SPARE != SPARE - 1
    chance = generator(0)
    weights = [np.where(used, chance.integers(30, 90, len(numbers)), 0) for _ in range(2)]
    return Plan(rows, _spread(rows["statements"], weights[0]), _spread(rows["relations"], weights[1]))


PLACES = ("arvenia", "belmora", "castrine", "dorvia", "elmark", "fenwold", "galdor", "ostrova", "talvia", "veldor")
PAPERS = ("courier", "gazette", "herald", "mirror", "post", "tribune")
OUTLETS = [f"{place}-{paper}" for place in PLACES for paper in PAPERS]


def _outlets(numbers: Indices, total: int) -> pl.Series:
    return pick(sorted(OUTLETS, key=lambda outlet: f"{outlet}-"), numbers * len(OUTLETS) // total)


def _article_ids(numbers: Indices, total: int) -> pl.Series:
    return named(OUTLETS, numbers, total)


def _entity_ids(numbers: Indices, total: int) -> pl.Series:
    return named([f"{kind}-{place[:4]}" for kind in KINDS for place in PLACES], numbers, total)


def _referable(chance: Generator, rows: int, total: int) -> Indices:
    """Return numbers of entities, the first of them more often, and never a spare one."""
    numbers: Indices = (total * chance.random(rows) ** 2).astype(np.int64)
    return np.where(numbers % SPARE == SPARE - 1, numbers - 1, numbers)


def _articles(block: Indices, made: Plan, chance: Generator) -> dict[str, pl.Series]:
    rows, total = len(block), made.rows["articles"]
    published = chance.integers(0, 2400, rows)
    outlets = _outlets(block, total)
    words_counted = chance.integers(120, 3000, rows)
    return {
        "article_id": _article_ids(block, total),
        "outlet": outlets,
        "kind": chosen(("press", "press", "press", "readout", "repost"), chance, rows),
        "title": sentence(chance, rows, 2, 0),
        "url": joined("https://", outlets, ".example/world/", texts(block), "?from=calls"),
        "published_on": pick(days(), published),
        "retrieved_at": chosen(moments().to_list(), chance, rows),
        "year": pick(days().str.slice(0, 4), published),
        "language": chosen(("en", "en", "ve", "os"), chance, rows),
        "character_count": texts(words_counted * 6 + chance.integers(0, 500, rows)),
        "word_count": texts(words_counted),
        # 16 hexadecimal digits of the number itself make it unique.
        "sha256": joined(
            pl.Series([f"{number:016x}" for number in block.tolist()]),
            pl.Series([chance.bytes(24).hex() for _ in range(rows)]),
        ),
        "is_translation": chosen(("true", "false", "false", "1", "0"), chance, rows),
        "tags": some(lists(chance, TOPICS, rows, 4), chance, 0.7),
        "lead": some(sentence(chance, rows, 4, 0), chance, 0.8),
    }


def _entities(block: Indices, made: Plan, chance: Generator) -> dict[str, pl.Series]:
    rows, total = len(block), made.rows["entities"]
    known = [word.capitalize() for word in words() if len(word) > 2]
    first, second = block % len(known), block // len(known) % len(known)
    ids = _entity_ids(block, total)
    names = joined(pick(known, first), " ", pick(known, second))
    broken = pl.Series(chance.random(rows) < 0.01)
    text = sentence(chance, rows, 3, 1)
    return {
        "entity_id": ids,
        "kind": ids.str.split("-").list.first(),
        "name": names,
        "registry_id": some(joined("Q", texts(1000 + 7 * block)), chance, 0.6),
        "country": some(pick([place[:2].upper() for place in PLACES], chance.integers(0, 10, rows)), chance, 0.8),
        "founded": some(texts(chance.integers(1500, 2031, rows)), chance, 0.4),
        "latitude": some(decimals(chance.integers(-900_000, 900_001, rows), 4), chance, 0.5),
        "longitude": some(decimals(chance.integers(-1_800_000, 1_800_001, rows), 4), chance, 0.5),
        "aliases": some(lists(chance, known, rows, 3), chance, 0.2),
        "is_active": chosen(("true", "true", "false"), chance, rows),
        "homepage": some(joined("https://", ids, ".example/"), chance, 0.3),
        # Cells of two lines, so that the number of a row isn't that of its line.
        "description": pl.select(
            pl.when(broken).then(pl.concat_str([text, pl.lit("\n"), names])).otherwise(text)
        ).to_series(),
    }


def _positions(counts: Indices) -> tuple[Indices, Indices]:
    """Return for every row the place of its article in the block, and its own place in the article."""
    articles = np.repeat(np.arange(len(counts)), counts)
    return articles, np.arange(len(articles)) - np.repeat(np.cumsum(counts) - counts, counts)


def _referred(places: Indices) -> Indices:
    """Return the nearest earlier place in the article that may be referred to."""
    return np.where(places % SPARE_STATEMENT == SPARE_STATEMENT - 1, places - 1, places)


def _statements(block: Indices, made: Plan, chance: Generator) -> dict[str, pl.Series]:
    articles, places = _positions(made.statements[block])
    rows, total = len(places), made.rows["entities"]
    article_ids = pick(_article_ids(block, made.rows["articles"]), articles)
    starts = chance.integers(0, 18_000, rows)
    parents = joined(article_ids, ".s", texts(_referred(places // 2) + FIRST_NUMBER))
    nested = pl.Series((chance.random(rows) < 0.1) & (places > 1))
    return {
        "statement_id": joined(article_ids, ".s", texts(places + FIRST_NUMBER)),
        "article_id": article_ids,
        "number": texts(places + FIRST_NUMBER),
        "speaker_id": some(_entity_ids(_referable(chance, rows, total), total), chance, 0.7),
        "addressee_id": some(_entity_ids(_referable(chance, rows, total), total), chance, 0.2),
        "parent_statement_id": pl.select(pl.when(nested).then(parents)).to_series(),
        "form": chosen(("indirect", "indirect", "direct", "mixed", "free_indirect"), chance, rows),
        "act": chosen(ACTS, chance, rows),
        "topic": chosen(TOPICS, chance, rows),
        "confidence": some(decimals(chance.integers(1, 1001, rows), 3), chance, 0.8),
        "start": texts(starts),
        "end": texts(starts + chance.integers(20, 400, rows)),
        "is_negated": chosen(("false", "false", "false", "true"), chance, rows),
        "spoken_on": some(chosen(days().to_list(), chance, rows), chance, 0.6),
        "summary": sentence(chance, rows, 2, 2),
        "note": some(sentence(chance, rows, 1, 2), chance, 0.05),
    }


def _relations(block: Indices, made: Plan, chance: Generator) -> dict[str, pl.Series]:
    articles, places = _positions(made.relations[block])
    rows, total = len(places), made.rows["entities"]
    stated = (made.statements[block][articles] * chance.random(rows)).astype(np.int64)
    offsets = [str(number) for number in range(0, 18_000, 37)]
    remarks = sentence(chance, rows, 2, 3)
    broken = pl.Series(chance.random(rows) < 0.05)
    return {
        "article_id": pick(_article_ids(block, made.rows["articles"]), articles),
        "number": texts(places + FIRST_NUMBER),
        "statement_number": texts(_referred(stated) + FIRST_NUMBER),
        "subject_id": _entity_ids(_referable(chance, rows, total), total),
        "predicate": chosen(PREDICATES, chance, rows),
        "mode": some(chosen(("meet", "by_phone", "at_a_visit", "in_a_letter"), chance, rows), chance, 0.4),
        "object_id": some(_entity_ids(_referable(chance, rows, total), total), chance, 0.8),
        "contexts": some(lists(chance, TOPICS, rows, 3), chance, 0.6),
        "offsets": lists(chance, offsets, rows, 4),
        "status": chosen(("actual", "actual", "historical", "future", "hypothetical", "negated"), chance, rows),
        "valid_from": some(chosen(days().to_list(), chance, rows), chance, 0.3),
        "intensity": some(decimals(chance.integers(-100, 101, rows), 1), chance, 0.9).fill_null("n/a"),
        "mentions": some(texts(chance.integers(0, 1000, rows)), chance, 0.9),
        "recorded_at": chosen(moments().to_list(), chance, rows),
        "is_public": some(chosen(("true", "false"), chance, rows), chance, 0.95),
        "remark": some(
            pl.select(
                pl.when(broken).then(remarks.str.replace(" ", "\n", literal=True)).otherwise(remarks)
            ).to_series(),
            chance,
            0.1,
        ),
    }


_MAKERS: dict[str, Callable[[Indices, Plan, Generator], dict[str, pl.Series]]] = {
    "articles": _articles,
    "entities": _entities,
    "statements": _statements,
    "relations": _relations,
}


def blocks(table: str, made: Plan) -> Iterator[pl.DataFrame]:
    """Make the rows of a table, block by block, all columns as the strings that the file has; null is an empty cell."""
    size = ENTITIES_A_BLOCK if table == "entities" else ARTICLES_A_BLOCK
    numbers = np.arange(made.rows["entities" if table == "entities" else "articles"])
    names = [field["name"] for field in SCHEMAS[table]["fields"]]
    for start in itertools.count(0, size):
        block = numbers[start : start + size]
        if not len(block):
            return
        chance = generator(3 + list(SCHEMAS).index(table), start)
        columns: dict[str, Any] = _MAKERS[table](block, made, chance)
        yield pl.DataFrame(columns).select(names)


def spare_rows(table: str, made: Plan) -> Indices:
    """Return the rows (0 is the first) that nothing refers to and whose predecessor is of the same article."""
    if table in {"articles", "entities"}:
        return np.arange(SPARE - 1, made.rows[table], SPARE)
    counts, every = (made.statements, SPARE_STATEMENT) if table == "statements" else (made.relations, SPARE_RELATION)
    return np.flatnonzero(_positions(counts)[1] % every == every - 1)
