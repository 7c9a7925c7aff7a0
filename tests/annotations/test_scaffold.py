"""`readouts new`: scaffolds that can be read, filled in and built."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from readouts.annotations.drafting import anchor_article
from readouts.annotations.forms import ARTICLE, EVENT, RELATION, STATEMENT, STEP
from readouts.annotations.nodes import Mapping, Scalar, Sequence, parse
from readouts.annotations.scaffold import new_article, new_corpus, new_entity, new_event
from readouts.annotations.tree import TreeFile, annotation_tree
from readouts.cli import app
from readouts.compile.compiler import compile_tree
from readouts.compile.store import Store
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.text.sources import TextFolder

New = Callable[..., Path]
NEW: list[tuple[New, str]] = [(new_article, "articles"), (new_event, "events")]


def filled(text: str, values: dict[str, str]) -> str:
    """Fill in keys of a scaffold, in place of their comments; the examples below a key go with it."""
    for key, value in values.items():
        line = f"{key}: {value}\n".replace("\\", r"\\")
        text, times = re.subn(rf"(?m)^{key}:.*\n(?:  #.*\n)*", line, text)
        assert times == 1
    return text


def uncommented(text: str) -> str:
    """Turn the examples of a scaffold into what they are examples of."""
    return re.sub(r"(?m)^  # ", "  ", text)


def test_the_scaffold_of_an_article_has_every_key_that_is_written_by_hand(tmp_path: Path) -> None:
    root = parse(new_article(tmp_path, "gazette-2031-05-03").read_text(encoding="utf-8"), "a.yaml")
    assert tuple(root.items) == tuple(name for name in ARTICLE.names if name != "text")


def test_the_scaffold_of_an_event_has_every_key(tmp_path: Path) -> None:
    root = parse(new_event(tmp_path, "call-2031-05-03").read_text(encoding="utf-8"), "a.yaml")
    assert tuple(root.items) == tuple(EVENT.names)


def test_the_examples_show_every_kind_of_entry_with_keys_that_are_known(tmp_path: Path) -> None:
    text = uncommented(new_article(tmp_path, "gazette-2031-05-03").read_text(encoding="utf-8"))
    root = parse(text, "a.yaml")
    statements, relations = root.items["statements"], root.items["relations"]
    assert isinstance(statements, Mapping)
    assert isinstance(relations, Mapping)
    statement, relation = statements.items["s01"], relations.items["r01"]
    assert isinstance(statement, Mapping)
    assert isinstance(relation, Mapping)
    sources = statement.items["sources"]
    assert isinstance(sources, Sequence)
    source = sources.items[0]
    assert isinstance(source, Mapping)
    assert set(statement.items) <= set(STATEMENT.names)
    assert {key.name for key in STATEMENT.required} - {"form", "medium", "polarity", "certainty"} <= set(
        statement.items
    )
    assert set(source.items) <= set(STEP.names)
    assert set(relation.items) <= set(RELATION.names)
    assert {"edge", "at"} <= set(relation.items)


def test_an_event_builds_once_its_scaffold_is_filled_in(corpus: Path) -> None:
    path = new_event(corpus / "annotations", "call-2031-05-03", title="Second call", kind="call", date="2031-05-03")
    text = uncommented(path.read_text(encoding="utf-8"))
    for example, value in {
        "entity-id": "jana-marek",
        "account-id": "presidency-2031-05-03",
        "{issuer: ,": "{issuer: presidency,",
        "a: article.s01": "a: courier-2031-05-02.s03",
        "b: article.s02": "b: herald-2031-05-02.s03",
        "rationale: }": "rationale: Both are about withdrawal.}",
    }.items():
        assert text.count(example) == 1
        text = text.replace(example, value)
    path.write_text(filled(text, {"made_by": "language-model"}), encoding="utf-8")
    compilation = compile_tree(corpus / "annotations", Store(None))
    assert compilation.incidents == []


def test_an_article_builds_once_its_scaffold_is_filled_in_and_anchored(corpus: Path) -> None:
    given = {"title": "Marek: “we go on”", "outlet": "courier", "kind": "press", "url": "https://example.org/a#b"}
    path = new_article(corpus / "annotations", "gazette-2031-05-03", published_on="2031-05-03", **given)
    (corpus / "texts" / "gazette-2031-05-03.txt").write_text("Marek: “we go on”\n\nJana Marek said talks go on.\n")
    statement = "\n".join(
        [
            "",
            "  s01: {form: indirect, medium: speech, act: say, topic: talks, polarity: positive, certainty: certain,",
            "        modality: asserted, summary: Marek sees no end of the talks., content: [{quote: talks go on}],",
            "        sources: [{entity: jana-marek, at: [{quote: Jana Marek}], cue: [{quote: said}]}]}",
        ]
    )
    path.write_text(filled(path.read_text(encoding="utf-8"), {"made_by": "language-model", "statements": statement}))
    file = next(file for file in annotation_tree(corpus / "annotations")[0] if file.id == "gazette-2031-05-03")
    anchored = anchor_article(file, TextFolder(corpus / "texts"))
    assert anchored.reading.incidents == []
    assert isinstance(file, TreeFile)
    assert file.anchors is not None
    file.path.write_bytes(anchored.article.encode())
    file.anchors.write_bytes(anchored.anchors.encode())
    compilation = compile_tree(corpus / "annotations", Store(None))
    assert compilation.incidents == []
    assert '"Marek: “we go on”"' in path.read_text(encoding="utf-8")


def test_a_scaffold_that_is_not_filled_in_is_told_what_it_lacks(corpus: Path) -> None:
    new_event(corpus / "annotations", "call-2031-05-03")
    found = compile_tree(corpus / "annotations", Store(None)).incidents
    assert {finding.code for finding in found} == {"missing-key"}
    lacking = {key for key in ("kind", "title", "date") if any(f"'{key}'" in finding.message for finding in found)}
    assert lacking == {"kind", "title", "date"}, "a date without precision, or the other way round, is incomplete"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_title_is_read_back_as_it_was_given(title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = new_article(Path(folder), "a", title=title).read_bytes().decode()
    node = parse(text, "a.yaml").items["title"]
    assert isinstance(node, Scalar)
    assert node.value == title


@pytest.mark.parametrize(
    "title", ["null", "~", "- a", "a: b", "a #b", "{a", "“a”", "'", '"', "\\", "x", "a\nb", " a", "a ", "?"]
)
def test_a_title_that_yaml_would_read_otherwise_is_quoted(tmp_path: Path, title: str) -> None:
    node = parse(new_article(tmp_path, "a", title=title).read_text(encoding="utf-8"), "a.yaml").items["title"]
    assert isinstance(node, Scalar)
    assert node.value == title


@pytest.mark.parametrize(("new", "folder"), NEW)
def test_a_file_that_is_there_is_left_alone(tmp_path: Path, new: New, folder: str) -> None:
    path = new(tmp_path, "a-1")
    assert path == tmp_path / folder / "a-1.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ReadoutsError, match="already exists; nothing was written"):
        new(tmp_path, "a-1")
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("new", "folder"), NEW)
@pytest.mark.parametrize("name", ["A-1", "a b", "", "-a", "a--b", "../a", "b/a", "/a", "..", "ä", "a" * 121])
def test_what_can_be_no_id_is_refused_and_nothing_is_written(tmp_path: Path, new: New, folder: str, name: str) -> None:
    inner = tmp_path / "annotations"
    with pytest.raises(ReadoutsError, match="can't be the id of one of the"):
        new(inner, name)
    assert not list(tmp_path.rglob("*"))


def test_the_commands_say_where_the_file_is_and_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app(), ["new", "article", "herald-1", "--title", "A: B", "--kind", "press"])
    assert (done.exit_code, done.stdout.split(". ")[0]) == (0, "Wrote annotations/articles/herald-1.yaml")
    assert "readouts anchor herald-1 --texts DIR" in done.stdout
    assert CliRunner().invoke(app(), ["new", "event", "call-1", "--date", "2031-05-01"]).exit_code == 0
    again = CliRunner().invoke(app(), ["new", "event", "call-1"])
    assert (again.exit_code, again.stdout) == (2, "")
    assert "nothing was written" in again.stderr


def test_every_option_that_is_wrong_is_told_at_once_and_nothing_is_written(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus)
    wrong = {
        "kind": "pres",
        "outlet": "curier",
        "published-on": "3 May",
        "language": "english",
        "url": "a b",
        "event": "x",
    }
    options = [part for name, value in wrong.items() for part in (f"--{name}", value)]
    done = CliRunner().invoke(app(), ["new", "article", "gazette-2031-05-03", *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert [name for name in wrong if f"--{name}:" not in done.stderr] == []
    assert "courier" in done.stderr
    assert not (corpus / "annotations" / "articles" / "gazette-2031-05-03.yaml").exists()


def test_a_scaffold_lists_every_label_and_names_the_schema_that_is_there(corpus: Path) -> None:
    (corpus / "schemas" / "annotations").mkdir(parents=True, exist_ok=True)
    (corpus / "schemas" / "annotations" / "article.json").write_text("{}")
    text = new_article(corpus / "annotations", "gazette-2031-05-03", event="call-2031-05-01").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../schemas/annotations/article.json\n")
    assert "defaults:\n  event: call-2031-05-01\n" in text
    words = set(re.findall(r"[\w-]+", text))
    for name in ("form", "medium", "act", "topic", "polarity", "certainty", "modality"):
        assert set(tables()["statements"].field(name).constraints.enum or ()) <= words
    assert set(load_plover().modes) <= words
    assert max(map(len, text.splitlines())) <= 120


def test_a_new_corpus_builds_at_once_and_takes_entities(tmp_path: Path) -> None:
    path = new_corpus(tmp_path, name="bridge-calls", title="Calls: the bridge")
    tree = path.parent
    assert compile_tree(tree, Store(None)).incidents == []
    assert {"drafts/", "texts/"} <= set((tmp_path / ".gitignore").read_text().split())
    new_entity(tree, "ada-brandt", ["Brandt", "A: B"], kind="person", name="Ada Brandt")
    new_entity(tree, "halm", kind="place", name="Halm", description="A town: small.", country="NO")
    compilation = compile_tree(tree, Store(None))
    assert compilation.incidents == []
    article = new_article(tree, "a-1").read_text(encoding="utf-8")
    assert article.startswith("# yaml-language-server: $schema=../.schemas/article.json\n")
    with pytest.raises(ReadoutsError, match="already exists; nothing was written"):
        new_corpus(tmp_path)


def test_a_new_entity_leaves_the_rest_of_the_registry_as_it_is(corpus: Path) -> None:
    path = corpus / "annotations" / "entities.yaml"
    before = path.read_text(encoding="utf-8")
    new_entity(corpus / "annotations", "zed", kind="person", name="Zed")
    after = path.read_text(encoding="utf-8")
    added = "  zed:\n    kind: person\n    name: Zed\n    description: Zed\n"
    assert after.count(added) == 1
    assert after.replace(added, "") == before


@pytest.mark.parametrize(
    ("entity", "kind", "says"),
    [
        ("jana-marek", "person", "already exists in"),
        ("Zed", "person", "can't be"),
        ("zed", "persn", "--kind"),
    ],
)
def test_an_entity_that_is_not_valid_is_not_added(corpus: Path, entity: str, kind: str, says: str) -> None:
    path = corpus / "annotations" / "entities.yaml"
    before = path.read_bytes()
    with pytest.raises(ReadoutsError, match=says):
        new_entity(corpus / "annotations", entity, kind=kind, name="Zed")
    assert path.read_bytes() == before
