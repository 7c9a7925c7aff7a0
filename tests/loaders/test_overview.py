"""Claims counted over all events, recomputed from the tables in SQL, and as frames of each library."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest

import readouts
from readouts.analysis.claims import GROUPS
from readouts.analysis.overview_columns import COLUMNS, FATES, MEANINGS
from readouts.datapackage.errors import ArgumentError
from tests.conftest import INVENTED

if TYPE_CHECKING:
    import duckdb

    from readouts.loaders import Corpus
    from tests.conftest import Run

BY = tuple(COLUMNS)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Corpus:
    """The invented corpus as if its articles carried the accounts in full."""
    folder = tmp_path_factory.mktemp("in-full")
    shutil.copytree(INVENTED / "annotations", folder / "annotations")
    for path in (folder / "annotations" / "articles").glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("completeness: reported", "completeness: verbatim")
        path.write_text(text, encoding="utf-8")
    done = run("rebuild", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return readouts.open(folder)


@pytest.fixture(params=["invented", "published"])
def corpus(request: pytest.FixtureRequest, invented: Corpus) -> Corpus:
    return invented if request.param == "invented" else readouts.load()


@pytest.fixture
def database(corpus: Corpus) -> duckdb.DuckDBPyConnection:
    """The tables of the corpus, with views that say again what an overview counts."""
    connection = corpus.duckdb()
    connection.execute("""
        CREATE VIEW claim AS SELECT DISTINCT event_id, claim_id, "group"::VARCHAR AS kind, topic::VARCHAR AS topic
            FROM claims;
        CREATE VIEW made AS SELECT DISTINCT c.event_id, c.claim_id, a.account_id, a.issuer_id, a.side::VARCHAR AS side
            FROM claims c JOIN attributions t ON t.statement_id = c.statement_id AND t.depth = 0
            JOIN accounts a ON a.account_id = t.account_id AND a.event_id = c.event_id WHERE a.side IN ('a', 'b');
        CREATE VIEW in_full AS SELECT DISTINCT a.event_id, a.side::VARCHAR AS side, a.issuer_id
            FROM accounts a JOIN carriages USING (account_id) WHERE completeness = 'verbatim' AND a.side IN ('a', 'b');
        CREATE VIEW counted AS SELECT event_id FROM in_full GROUP BY 1 HAVING count(DISTINCT side) = 2;
        CREATE VIEW related AS
            SELECT x.event_id, x.claim_id AS one, y.claim_id AS other, l.relation::VARCHAR AS relation
            FROM alignments l JOIN claims x ON x.statement_id IN (l.statement_a, l.statement_b)
            JOIN claims y ON y.statement_id IN (l.statement_a, l.statement_b) AND y.event_id = x.event_id
            WHERE x.statement_id <> y.statement_id AND x.claim_id <> y.claim_id
            AND l.relation IN ('contradicts', 'in_tension', 'weaker', 'stronger');
        CREATE VIEW fate AS
            SELECT f.issuer_id, e.side_a_id, e.side_b_id, f.side, c.event_id, c.claim_id, c.topic,
                coalesce(min(CASE r.relation WHEN 'contradicts' THEN 0 WHEN 'in_tension' THEN 1 ELSE 3 END)
                    FILTER (own.claim_id IS NOT NULL), 9) AS answered,
                EXISTS (SELECT 1 FROM made m WHERE m.event_id = c.event_id AND m.claim_id = c.claim_id
                    AND m.issuer_id = f.issuer_id AND m.side = f.side) AS also
            FROM in_full f JOIN counted USING (event_id) JOIN events e USING (event_id)
            JOIN (SELECT DISTINCT event_id, claim_id, side FROM made) theirs
                ON theirs.event_id = f.event_id AND theirs.side <> f.side
            JOIN claim c ON c.event_id = theirs.event_id AND c.claim_id = theirs.claim_id
            LEFT JOIN related r ON r.event_id = c.event_id AND r.one = c.claim_id
            LEFT JOIN made own ON own.event_id = c.event_id AND own.claim_id = r.other
                AND own.issuer_id = f.issuer_id AND own.side = f.side
            GROUP BY ALL
    """)
    return connection


def counts_of(frame: pd.DataFrame, keys: list[str], counts: tuple[str, ...]) -> dict[Any, tuple[int, ...]]:
    """Return the counts of a frame by its keys."""
    texts = frame[keys].astype(object).where(frame[keys].notna(), None)
    return {
        tuple(key): tuple(map(int, row))
        for key, row in zip(texts.to_numpy().tolist(), frame[list(counts)].to_numpy().tolist(), strict=True)
    }


def grouped(rows: list[tuple[Any, ...]]) -> dict[Any, Counter[str]]:
    """Return how often each last cell comes with the cells before it."""
    found: dict[Any, Counter[str]] = {}
    for *key, kind in rows:
        found.setdefault(tuple(key), Counter())[kind] += 1
    return found


def test_the_groups_of_every_event_are_those_of_the_table_of_claims(
    corpus: Corpus, database: duckdb.DuckDBPyConnection
) -> None:
    expected = grouped(database.execute("SELECT event_id, kind FROM claim").fetchall())
    found = counts_of(corpus.overview(), ["event_id"], (*GROUPS, "claims"))
    assert found == {
        event: (*(kinds[group] for group in GROUPS), kinds.total() - kinds["third"])
        for event, kinds in expected.items()
    }


def test_what_each_issuer_leaves_out_is_recomputed_from_the_tables(
    corpus: Corpus, database: duckdb.DuckDBPyConnection
) -> None:
    rows = database.execute("""
        SELECT issuer_id, CASE side WHEN 'a' THEN side_b_id ELSE side_a_id END, topic,
            CASE WHEN answered = 0 THEN 'contradicted' WHEN answered = 1 THEN 'in_tension' WHEN also THEN 'both'
                WHEN answered = 3 THEN 'partly' ELSE 'left_out' END
        FROM fate
    """).fetchall()
    assert rows
    frame = corpus.overview("issuer")
    assert counts_of(frame, ["issuer_id", "other_id", "topic"], (*FATES, "claims_of_other")) == {
        key: (*(fates[fate] for fate in FATES), fates.total()) for key, fates in grouped(rows).items()
    }
    shares = (frame["left_out"] / frame["claims_of_other"]).astype(float).round(4)
    assert frame["left_out_share"].astype(float).tolist() == shares.tolist()


def test_claims_by_year_are_recomputed_from_the_tables(corpus: Corpus, database: duckdb.DuckDBPyConnection) -> None:
    rows = database.execute(
        "SELECT year(date), claim.kind FROM claim JOIN counted USING (event_id) JOIN events USING (event_id)"
    ).fetchall()
    names = ("contradicted", "in_tension", "both", "partly", "third")
    found = counts_of(corpus.overview("year"), ["year"], (*names, "only_one"))
    assert found == {
        key: (*(kinds[name] for name in names), kinds["only_a"] + kinds["only_b"])
        for key, kinds in grouped(rows).items()
    }


def test_topics_that_a_side_raises_are_recomputed_from_the_tables(
    corpus: Corpus, database: duckdb.DuckDBPyConnection
) -> None:
    rows = database.execute("""
        SELECT DISTINCT e.side_a_id, e.side_b_id, c.topic, c.event_id, m.side
        FROM claim c JOIN counted USING (event_id) JOIN events e USING (event_id)
        JOIN made m ON m.event_id = c.event_id AND m.claim_id = c.claim_id
    """).fetchall()
    raised: dict[tuple[frozenset[str], str, str], set[str]] = {}
    for side_a, side_b, topic, event, side in rows:
        raised.setdefault((frozenset({side_a, side_b}), topic, event), set()).add(side_a if side == "a" else side_b)
    for row in corpus.overview("topic", to="polars").rows(named=True):
        first, second = row["first_id"], row["second_id"]
        of_topic = [
            who for (pair, topic, _), who in raised.items() if topic == row["topic"] and pair == {first, second}
        ]
        assert row["raised_by_both"] == of_topic.count({first, second})
        assert row["raised_by_first_only"] == of_topic.count({first})
        assert row["raised_by_second_only"] == of_topic.count({second})
        anybody = set().union(*of_topic)
        expected = {0: None, 1: "first" if first in anybody else "second", 2: "both"}
        assert row["raised_by"] == expected[len(anybody)]


def test_pairs_years_and_topics_count_the_same_claims(corpus: Corpus) -> None:
    events = corpus.overview()
    counted = events[events["accounts"] == "in_full"]
    keys = Counter(key for keys in counted["claim_keys"] for key in keys)
    for frame in (corpus.overview("topic"), corpus.overview("year"), corpus.overview("pair")):
        assert Counter(key for keys in frame["claim_keys"] for key in keys) == keys
        for name in ("contradicted", "in_tension", "both", "partly", "third", "claims"):
            assert frame[name].sum() == counted[name].sum()
    pairs = corpus.overview("pair")
    for one, other in (("first", "second"), ("second", "first")):
        assert set(pairs[f"left_out_by_{one}"] <= pairs[f"claims_of_{other}"]) == {True}
    left_out = ["left_out_by_first", "left_out_by_second"]
    assert pairs[left_out].sum().sum() == counted[["left_out_by_a", "left_out_by_b"]].sum().sum()


@pytest.mark.parametrize("by", BY)
def test_a_row_is_traced_to_its_claims(corpus: Corpus, by: Any) -> None:
    claims = corpus.claims.assign(key=corpus.claims["event_id"] + "/" + corpus.claims["claim_id"])
    kinds = dict(zip(claims["key"], claims["group"].astype(str), strict=True))
    topics = dict(zip(claims["key"], claims["topic"].astype(str), strict=True))
    for row in corpus.overview(by).to_dict("records"):
        keys = row["claim_keys"]
        assert len(set(keys)) == len(keys)
        if by == "issuer":
            assert len(keys) == row["claims_of_other"]
            assert len(row["left_out_keys"]) == row["left_out"]
            assert set(row["left_out_keys"]) <= set(keys)
        else:
            found = Counter(kinds[key] for key in keys)
            assert found["third"] == row["third"]
            assert found.total() - found["third"] == row["claims"]
            assert all(found[name] == row[name] for name in ("contradicted", "in_tension", "both", "partly"))
        if "topic" in row:
            assert {topics[key] for key in keys} == {row["topic"]}
        if "events" in row:
            assert len({key.partition("/")[0] for key in keys}) == row["events"]


def test_what_only_there_means_is_the_group_where_nothing_but_the_accounts_speaks(invented: Corpus) -> None:
    # In the group of what only one side says, no account of the other side makes or answers a claim either.
    for corpus in (invented, readouts.load()):
        kinds = {f"{row['event_id']}/{row['claim_id']}": row["group"] for row in corpus.rows("claims")}
        for row in corpus.overview("issuer").to_dict("records"):
            for key in set(row["claim_keys"]) - set(row["left_out_keys"]):
                assert kinds[key] not in {"only_a", "only_b"}


@pytest.mark.parametrize("by", BY)
def test_every_library_gets_the_same_rows(corpus: Corpus, by: Any) -> None:
    frame, polars, arrow = corpus.overview(by), corpus.overview(by, to="polars"), corpus.overview(by, to="arrow")
    assert list(frame.columns) == polars.columns == arrow.schema.names == list(COLUMNS[by])
    assert polars.rows(named=True) == arrow.to_pylist()
    for name in COLUMNS[by]:
        assert arrow.schema.field(name).metadata[b"description"].decode() == MEANINGS[name][1]
        if MEANINGS[name][0] != "date":
            values = [None if not isinstance(each, list) and pd.isna(each) else each for each in frame[name]]
            assert values == polars[name].to_list()


def test_the_columns_have_the_types_of_other_tables(invented: Corpus) -> None:
    types = invented.overview().dtypes
    assert types["event_id"] == invented.events["event_id"].dtype
    assert types["date"] == invented.events["date"].dtype
    assert (str(types["both"]), types["accounts"].name) == ("Int64", "category")
    assert str(invented.overview("issuer").dtypes["left_out_share"]) == "Float64"
    assert invented.overview(to="polars").schema["claim_keys"] == pl.List(pl.String)


def test_a_frame_belongs_to_the_user(invented: Corpus) -> None:
    before = invented.overview("issuer")
    before["left_out"] = 99
    assert 99 not in set(invented.overview("issuer")["left_out"])


def test_an_unknown_library_is_answered_with_those_there_are(invented: Corpus) -> None:
    with pytest.raises(ArgumentError, match=r"Unknown library 'polar'\. Did you mean 'polars'"):
        invented.overview(to="polar")  # type: ignore[call-overload]
    with pytest.raises(ArgumentError, match=r"Unknown overview 'years'\. Did you mean 'year'"):
        invented.overview("years")  # type: ignore[call-overload]


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_earlier_releases_which_lack_the_table_of_claims_are_counted_too(version: str) -> None:
    corpus = readouts.load(version)
    counts = corpus.overview().set_index("event_id")
    for event in ("call-2014-03-06", "call-2014-03-28"):
        assert counts.loc[event, list(GROUPS)].to_dict() == corpus.compare(event).counts
    assert set(corpus.overview("issuer")["other"]) == {"Russia", "United States"}
