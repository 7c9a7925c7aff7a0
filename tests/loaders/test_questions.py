"""What users ask of the corpus: names joined in, chains, who said what, graphs, quotations, changes, citations."""

from __future__ import annotations

import io
import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd
import pytest

import readouts
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError, ReadoutsError, UnknownIdError
from readouts.datapackage.package.package import DataPackage
from readouts.loaders import Corpus
from readouts.loaders.registry import known_releases
from tests.conftest import INVENTED, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Run


@pytest.fixture
def invented(invented_package: Path) -> Corpus:
    return readouts.open(invented_package)


@pytest.fixture(params=["invented", "published"])
def corpus(request: pytest.FixtureRequest, invented_package: Path) -> Corpus:
    return readouts.open(invented_package) if request.param == "invented" else readouts.load()


def test_statements_with_names_say_what_the_joined_table_says(corpus: Corpus) -> None:
    joined, wide = corpus.statements_with_names(), corpus.statements_wide
    for name in wide.columns:
        if name == "account_id":
            continue
        assert list(joined[name].astype(object).where(joined[name].notna(), None)) == list(
            wide[name].astype(object).where(wide[name].notna(), None)
        ), name
        assert str(joined[name].dtype) == str(wide[name].dtype), name
    assert list(joined.columns[: len(corpus.statements.columns)]) == list(corpus.statements.columns)


def test_names_follow_their_statement_when_the_user_has_turned_the_frame_around(invented: Corpus) -> None:
    before = invented.statements_with_names().set_index("statement_id")
    statements = invented.statements
    for name in statements.columns:
        statements[name] = statements[name].array[::-1]
    after = invented.statements_with_names().set_index("statement_id")
    assert list(after.index) != list(before.index)
    pd.testing.assert_frame_equal(after.loc[before.index], before)


def test_a_source_chain_goes_from_the_outermost_source_inwards(corpus: Corpus) -> None:
    chains = corpus.statements_wide.set_index("statement_id")["chain"]
    for statement, expected in chains[:: len(chains) // 100 + 1].items():
        steps = corpus.source_chain(str(statement))
        assert list(steps.columns) == ["depth", "seq", "source", "entity_id", "account_id"]
        found = " > ".join(" + ".join(group["source"]) for _, group in steps.groupby("depth"))
        assert found == expected


def test_a_chain_of_no_statement_is_answered_with_the_nearest(invented: Corpus) -> None:
    known = invented.statements["statement_id"].iloc[0]
    with pytest.raises(UnknownIdError, match=f"has no statement '{known}x'. Did you mean '{known}'"):
        invented.source_chain(f"{known}x")


def test_who_said_what_names_joint_speakers(invented: Corpus) -> None:
    said = invented.who_said_what()
    assert len(said) == len(invented.statements)
    assert said["speaker"].notna().all()
    joint = said[said["speaker"].str.contains(" + ", regex=False)]
    assert len(joint)
    assert joint["speaker_id"].isna().all()
    alone = said[said["speaker_id"].notna()]
    names = invented.entities.set_index("entity_id")["name"]
    assert (alone["speaker"] == alone["speaker_id"].map(names).astype("str")).all()


def test_who_said_what_is_narrowed_to_speaker_addressee_and_event(invented: Corpus) -> None:
    steps = invented.attributions
    deepest = steps[steps["depth"] == steps.groupby("statement_id")["depth"].transform("max")]
    expected = set(deepest.loc[deepest["entity_id"] == "jana-marek", "statement_id"])
    found = invented.who_said_what(speaker="jana-marek")
    assert set(found["statement_id"]) == expected
    assert found["speaker_id"].isna().any(), "what she said together with others is hers too"
    addressed = invented.statements["addressee_id"].dropna().iloc[0]
    assert set(invented.who_said_what(addressee=addressed)["addressee_id"]) == {addressed}
    event = "call-2031-05-01"
    both = invented.who_said_what(speaker="jana-marek", event=event)
    assert set(both["statement_id"]) == expected & set(
        invented.statements.loc[invented.statements["event_id"] == event, "statement_id"]
    )
    with pytest.raises(UnknownIdError, match="Did you mean 'jana-marek'"):
        invented.who_said_what(speaker="jana-mark")
    with pytest.raises(UnknownIdError, match="has no event"):
        invented.who_said_what(event="jana-marek")


def test_the_graph_of_entities_has_every_relation(corpus: Corpus) -> None:
    graph = corpus.graph()
    assert set(graph) == set(corpus.entities["entity_id"])
    relations = {row["relation_id"]: row for row in corpus.rows("relations")}
    edges = {key: (start, end, data) for start, end, key, data in graph.edges(keys=True, data=True)}
    alone = set(filter(None, graph.graph["without_object"].split("|")))
    assert set(edges) | alone == set(relations)
    assert not set(edges) & alone
    for key, (start, end, data) in edges.items():
        assert (start, end) == (relations[key]["subject_id"], relations[key]["object_id"])
        assert data["predicate"] == relations[key]["predicate"]
        assert data.get("mode") == relations[key]["mode"]
    assert all(relations[key]["object_id"] is None for key in alone)


def test_the_graph_of_statements_has_accounts_parents_and_alignments(corpus: Corpus) -> None:
    graph = corpus.graph("statements")
    kinds = nx.get_node_attributes(graph, "node")
    assert {name for name in graph if kinds[name] == "account"} == set(corpus.accounts["account_id"])
    assert {name for name in graph if kinds[name] == "statement"} == set(corpus.statements["statement_id"])
    edges = list(graph.edges(data=True))
    through = {(start, end) for start, end, data in edges if data["edge"] == "through"}
    steps = [row for row in corpus.rows("attributions") if row["account_id"] is not None]
    assert through == {(row["statement_id"], row["account_id"]) for row in steps}
    parents = {(start, end) for start, end, data in edges if data["edge"] == "parent"}
    assert parents == {
        (row["statement_id"], row["parent_statement_id"])
        for row in corpus.rows("statements")
        if row["parent_statement_id"] is not None
    }
    aligned = {(start, end, data["relation"]) for start, end, data in edges if data["edge"] == "alignment"}
    assert aligned == {(row["statement_a"], row["statement_b"], row["relation"]) for row in corpus.rows("alignments")}


@pytest.mark.parametrize("of", ["entities", "statements"])
def test_graphs_can_be_written_and_read_back(corpus: Corpus, of: str) -> None:
    graph = corpus.graph("entities") if of == "entities" else corpus.graph("statements")
    stream = io.BytesIO()
    nx.write_graphml(graph, stream)
    again = nx.read_graphml(io.BytesIO(stream.getvalue()), force_multigraph=True)
    assert list(again.nodes(data=True)) == list(graph.nodes(data=True))
    assert again.number_of_edges() == graph.number_of_edges()


def test_a_graph_of_something_else_is_refused(invented: Corpus) -> None:
    kind = "entity"
    with pytest.raises(ValueError, match="Unknown graph 'entity'"):
        invented.graph(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", tables())
def test_the_codebook_tells_every_field_as_its_schema_does(invented: Corpus, table: str) -> None:
    book = invented.codebook(table).set_index("field")
    schema = tables()[table]
    assert list(book.index) == list(schema.field_names)
    for field in schema.fields:
        row = book.loc[field.name]
        assert (row["type"], row["description"]) == (field.type, field.description)
        assert row["required"] == field.constraints.required
        assert row["values"] == {category.value: category.label for category in field.categories}
        assert ("primary key" in row["key"]) is (field.name in schema.primary_key)
        for key in schema.foreign_keys:
            if field.name in key.fields:
                assert f"{key.table}.{key.target_fields[key.fields.index(field.name)]}" in row["key"]


def test_the_citation_names_what_the_file_for_programs_names() -> None:
    corpus = readouts.load()
    cited = corpus.cite()
    file = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    (author,) = re.findall(r"- name: (.+)", file)
    (version,) = re.findall(r"^version: (.+)", file, re.MULTILINE)
    (year,) = re.findall(r'^date-released: "(\d{4})', file, re.MULTILINE)
    assert str(cited) == cited.text
    for part in (author, version, year):
        assert part in cited.text
        assert part in cited.bibtex


@pytest.mark.parametrize(
    ("table", "column", "ask"),
    [
        ("statements", "topic", lambda corpus: corpus.compare("call-2031-05-01")),
        ("statements", "speaker_id", lambda corpus: corpus.statements_with_names()),
        ("statements", "act", lambda corpus: corpus.who_said_what()),
        ("attributions", "label", lambda corpus: corpus.source_chain("herald-2031-05-02.s01")),
        ("relations", "status", lambda corpus: corpus.plot.entities()),
        ("relations", "subject_id", lambda corpus: corpus.graph()),
        ("articles", "sha256_raw", lambda corpus: corpus.hydrate(INVENTED / "texts")),
        ("entities", "name", lambda corpus: corpus.plot.coverage()),
        ("accounts", "issuer_id", lambda corpus: corpus.overview("year")),
    ],
)
def test_a_package_that_lacks_a_column_is_told_which(
    invented_package: Path, tmp_path: Path, table: str, column: str, ask: Callable[[Corpus], object]
) -> None:
    package = tmp_path / "package"
    shutil.copytree(invented_package, package)
    path = package / "data" / f"{table}.csv"
    pd.read_csv(path, dtype=str).drop(columns=column).to_csv(path, index=False)
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        del resource["hash"]
        if resource["name"] == table:
            fields = resource["schema"]["fields"]
            resource["schema"] = {"fields": [field for field in fields if field["name"] != column]}
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(PackageError, match=rf"without the column '{column}'.* expected the tables of the corpus"):
        ask(readouts.open(package))


def test_the_readme_cites_as_the_latest_release_does() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    *_, latest = known_releases()
    assert f"> {readouts.load(latest).cite()}" in readme.replace("*", "")


def test_bibtex_takes_any_title(invented: Corpus) -> None:
    hostile = {"title": r"50% of {A} & B_c # $1 ~ ^ \end", "contributors": [{"title": "Marek & Sons"}]}
    bibtex = Corpus(DataPackage(invented.package.root, {**invented.descriptor, **hostile})).cite().bibtex
    title = re.search(r"title = \{\{(.*)\}\},", bibtex)
    assert title is not None
    plain = title[1]
    for name in ("textbackslash", "textasciitilde", "textasciicircum"):
        plain = plain.replace(rf"\{name}{{}}", f"<{name}>")
    assert re.findall(r"(?<!\\)[&%$#_{}~^]", plain) == []
    assert "author = {{Marek \\& Sons}}" in bibtex


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_notebook_shows_each_table_with_its_rows(corpus: Corpus) -> None:
    page = _Cells()
    page.feed(corpus._repr_html_())
    assert page.tags.count("tr") == len(corpus.tables) + 1
    for name in corpus.tables:
        place = page.text.index(name)
        assert page.text[place + 1] == f"{len(corpus.table(name)):,}"


def test_nothing_of_a_hostile_package_becomes_markup_or_commands_a_terminal(invented: Corpus) -> None:
    evil = "<script>alert(1)</script>\x1b[31m\u202e"
    descriptor = {**invented.descriptor, "name": evil, "title": evil, "version": evil}
    descriptor["resources"] = [{"name": evil, "description": evil, "rowCount": evil}]
    corpus = Corpus(DataPackage(invented.package.root, descriptor))
    page = _Cells()
    page.feed(corpus._repr_html_())
    assert "script" not in page.tags
    for shown in (corpus._repr_html_(), repr(corpus)):
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert "\\x1b[31m" in shown


def test_quotations_are_put_back_in_memory_only(invented: Corpus, invented_package: Path) -> None:
    before = {path: path.read_bytes() for path in invented_package.rglob("*") if path.is_file()}
    quoted = invented.hydrate(INVENTED / "texts")
    texts = {path.stem: path.read_bytes().decode() for path in (INVENTED / "texts").glob("*.txt")}
    spans = quoted.spans
    assert (spans["found"] == "exact").all()
    for row in spans.itertuples():
        assert row.text == texts[str(row.article_id)][int(str(row.start)) : int(str(row.end))]
    assert quoted.statements["content"].notna().all()
    assert "content" in quoted.statements_with_names().columns
    assert "content" not in invented.statements.columns
    assert list(quoted.to_polars("spans")["text"]) == list(spans["text"])
    assert list(quoted.to_arrow("spans")["text"].to_pylist()) == list(spans["text"])
    found = quoted.duckdb().execute("SELECT text FROM spans ORDER BY span_id").fetchall()
    assert [text for (text,) in found] == list(spans.sort_values("span_id")["text"])
    assert quoted.compare("call-2031-05-01") == invented.compare("call-2031-05-01")
    assert {path: path.read_bytes() for path in invented_package.rglob("*") if path.is_file()} == before
    assert "with the quotations of 2 of 2 articles: not for publication" in repr(quoted)
    assert "not for publication" in quoted._repr_html_()


def test_quotations_are_those_that_the_command_writes(
    invented: Corpus, invented_package: Path, tmp_path: Path, run: Run
) -> None:
    done = run("hydrate", "--texts", INVENTED / "texts", "--output", tmp_path / "out", invented_package)
    assert done.returncode == 0, done.stderr
    written = readouts.open(tmp_path / "out")
    quoted = invented.hydrate(INVENTED / "texts")
    for name in quoted.tables:
        pd.testing.assert_frame_equal(quoted.table(name), written.table(name))


def test_an_article_without_a_text_has_no_quotations_and_is_told(invented: Corpus, tmp_path: Path) -> None:
    name = "herald-2031-05-02"
    (tmp_path / f"{name}.txt").write_bytes((INVENTED / "texts" / f"{name}.txt").read_bytes())
    quoted = invented.hydrate(str(tmp_path))
    assert set(quoted.statements.loc[quoted.statements["content"].notna(), "article_id"]) == {name}
    assert [(each.article_id, each.problem is None) for each in quoted.hydration] == [
        ("courier-2031-05-02", False),
        (name, True),
    ]
    assert "quotations of 1 of 2 articles" in repr(quoted)
    assert invented.hydration == ()


def test_a_folder_without_a_text_of_the_corpus_is_refused(invented: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ReadoutsError, match="has no text in it: expected one UTF-8"):
        invented.hydrate(tmp_path)
    (tmp_path / "other.txt").write_text("Of nothing in the corpus.", encoding="utf-8")
    with pytest.raises(ReadoutsError, match=r"No text in .* is the text of an article of the corpus"):
        invented.hydrate(tmp_path)
    with pytest.raises(ReadoutsError, match="is not a folder"):
        invented.hydrate(tmp_path / "absent")


def test_changes_since_a_release_are_told_for_ids() -> None:
    corpus = readouts.load("1.1.0")
    found = corpus.changes(since="1.0.0", ids=["zero-hedge-2014-03-06.s25", "barack-obama", "nothing-of-ours"])
    assert [(each.id, each.status) for each in found.asked] == [
        ("zero-hedge-2014-03-06.s25", "added"),
        ("barack-obama", "changed"),
        ("nothing-of-ours", "unknown"),
    ]
    assert (found.old.version, found.new.version) == ("1.0.0", "1.1.0")
    whole = corpus.changes("1.0.0")
    assert sum(len(table.added) for table in whole.tables if table.name == "statements") == 2


def test_changes_are_told_between_any_two_packages(invented: Corpus, invented_package: Path) -> None:
    assert invented.changes(readouts.open(invented_package)).same
    quoted = invented.hydrate(INVENTED / "texts")
    assert quoted.changes(invented).same, "what is compared is the package, not the quotations"
    with pytest.raises(UnknownIdError):
        invented.changes("99.0.0")
