"""The reference tells of every command, option, table and public name, and is what the code gives."""

from __future__ import annotations

import inspect
from typing import Annotated

import pytest
import typer

import readouts
from docs.reference_annotations import MEANINGS, key_tables
from docs.reference_api import api_reference, public_names
from docs.reference_cli import cli_reference, commands
from docs.reference_codebook import codebook_pages
from readouts.annotations.forms import STATEMENT
from readouts.corpus_schema.tables import tables
from tests.docs.blocks import ROOT

CLI = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
COMMON = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_command_and_each_of_its_options_is_documented(words: str) -> None:
    _, heading, rest = CLI.partition(f"\n## {words}\n")
    section = rest.partition("\n## ")[0]
    assert heading, f"docs/reference/cli.md says nothing of `{words}`: run `make docs`"
    for parameter in commands()[words].params:
        for name in parameter.opts if parameter.param_type_name == "option" else ():
            documented = COMMON if parameter.name in {"help", "quiet", "verbose"} else section
            assert f"`{name}" in documented, f"docs says nothing of `{words} {name}`"
    assert f"$ {words}" in section


def _with_help(help_text: str | None) -> typer.Typer:
    app = typer.Typer()

    def said(said: str = "") -> None:
        """Say it.

        Example: readouts said
        """

    said.__annotations__["said"] = Annotated[str, typer.Option(help=help_text)]
    app.command("said")(said)
    app.command("more")(said)
    return app


def test_an_option_without_help_stops_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docs.reference_cli.app", lambda: _with_help("What is said."))
    assert "## readouts said" in cli_reference()
    monkeypatch.setattr("docs.reference_cli.app", lambda: _with_help(None))
    with pytest.raises(SystemExit, match="readouts said: 'said' has no help text: expected one"):
        cli_reference()


@pytest.mark.parametrize("docstring", [None, "Say it.", "Example: readouts said"])
def test_a_command_without_help_or_example_stops_the_reference(
    docstring: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _with_help("What is said.")

    def untold() -> None:
        pass

    untold.__doc__ = docstring
    app.command("untold")(untold)
    monkeypatch.setattr("docs.reference_cli.app", lambda: app)
    with pytest.raises(SystemExit, match="untold: expected a help text that says what it does, and one 'Example"):
        cli_reference()


def test_the_reference_is_what_the_code_gives() -> None:
    assert cli_reference() == CLI, "run `make docs`"
    assert api_reference() == API, "run `make docs`"


def test_the_codebook_is_what_the_schemas_give_and_has_a_page_for_each_table() -> None:
    folder = ROOT / "docs" / "reference" / "codebook"
    pages = codebook_pages()
    assert set(pages) == {"index.md", *(f"{name}.md" for name in tables())}
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == pages, "run `make docs`"
    for name, table in tables().items():
        for field in table.fields:
            assert f"`{field.name}`" in pages[f"{name}.md"]
            assert all(f"| `{category.value}` |" in pages[f"{name}.md"] for category in field.categories)


def test_everything_public_is_in_the_reference() -> None:
    names = public_names()
    missing = {f"readouts.{name}" for name in readouts.__all__} - names
    for name, member in inspect.getmembers(readouts.Corpus):
        own = getattr(member, "__module__", None) or getattr(getattr(member, "fget", None), "__module__", "")
        if not name.startswith("_") and str(own).startswith("readouts") and f"readouts.Corpus.{name}" not in names:
            missing.add(f"readouts.Corpus.{name}")
    assert not missing, f"docs/reference_api.py tells nothing of {', '.join(sorted(missing))}"


def test_every_key_and_label_of_annotation_files_is_documented_with_its_meaning() -> None:
    page = (ROOT / "docs" / "annotation-files.md").read_text(encoding="utf-8")
    for key in STATEMENT.keys:
        assert f"| `{key.name}` |" in page
    for category in tables()["statements"].field("act").categories:
        assert f"| `{category.value}` | {category.label} |" in page


def test_a_key_without_a_meaning_stops_the_reference_of_annotation_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MEANINGS, "content")
    with pytest.raises(SystemExit, match="say in MEANINGS what the key 'content' of a statement holds"):
        key_tables()
