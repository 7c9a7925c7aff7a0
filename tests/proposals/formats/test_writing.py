from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.proposals.formats.items import About
from readouts.proposals.formats.registry import FORMATS, format_of, read_annotations
from readouts.proposals.formats.writing import about_of, write_annotations
from readouts.proposals.proposal import MentionProposal, Origin, Proposal
from tests.proposals.strategies import made_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

ARTICLE = "herald-2031-05-02"


@pytest.mark.parametrize("name", FORMATS)
def test_an_article_is_written_for_a_tool_and_read_back(corpus: Path, tmp_path: Path, run: Run, name: str) -> None:
    done = run("draft", ARTICLE, "--texts", "texts", "--to", name, "--output", "../out", cwd=corpus)
    assert done.returncode == 0, done.stderr
    assert "keep them to yourself" in done.stdout
    (path,) = [path for path in sorted((tmp_path / "out").iterdir()) if path.suffix in {".ann", ".zip", ".jsonld"}]
    text = (corpus / "texts" / f"{ARTICLE}.txt").read_bytes().decode()
    proposal, incidents = read_annotations(path, text, about_of(ARTICLE, corpus / "annotations"))
    written = write_annotations(ARTICLE, name, tmp_path / "out", corpus / "annotations", corpus / "texts")
    assert (proposal, incidents) == (made_by(written.proposal, name), [])


def test_the_draft_of_an_article_is_what_is_written(corpus: Path, tmp_path: Path, run: Run) -> None:
    assert run("draft", ARTICLE, "--texts", "texts", cwd=corpus).returncode == 0
    draft = corpus / "drafts" / f"{ARTICLE}.yaml"
    draft.write_text(draft.read_text().replace("act: propose", "act: urge"))
    written = write_annotations(ARTICLE, "brat", tmp_path / "out", corpus / "annotations", corpus / "texts")
    assert written.source == f"drafts/{ARTICLE}.yaml"
    assert "urge" in {statement.labels["act"] for statement in written.proposal.statements}


@pytest.mark.parametrize("part", ["data", "releases/1.0.0", "annotations"])
def test_no_folder_that_is_published_is_written_to(corpus: Path, part: str) -> None:
    with pytest.raises(ReadoutsError, match="which is published"):
        write_annotations(ARTICLE, "brat", corpus / part / "out", corpus / "annotations", corpus / "texts")
    assert not (corpus / part / "out").exists()


def test_no_folder_that_git_tracks_is_written_to(corpus: Path) -> None:
    subprocess.run(["git", "init", "-q", str(corpus)], check=True)
    with pytest.raises(ReadoutsError, match="git repository that doesn't ignore it"):
        write_annotations(ARTICLE, "brat", corpus / "out", corpus / "annotations", corpus / "texts")
    assert not (corpus / "out").exists()
    (corpus / ".gitignore").write_text("out/\n")
    assert write_annotations(ARTICLE, "brat", corpus / "out", corpus / "annotations", corpus / "texts").paths


def test_what_somebody_changed_in_a_tool_is_not_written_over(corpus: Path, tmp_path: Path) -> None:
    (path, *_) = [
        path
        for path in write_annotations(ARTICLE, "brat", tmp_path / "out", corpus / "annotations", corpus / "texts").paths
        if path.suffix == ".ann"
    ]
    path.write_text("T1\tMention 0 5\tMarek\n")
    with pytest.raises(ReadoutsError, match="import it, or delete it"):
        write_annotations(ARTICLE, "brat", tmp_path / "out", corpus / "annotations", corpus / "texts")
    assert path.read_text() == "T1\tMention 0 5\tMarek\n"


def test_a_text_that_is_not_the_articles_is_refused(corpus: Path, tmp_path: Path) -> None:
    (corpus / "texts" / f"{ARTICLE}.txt").write_text("Another text.")
    with pytest.raises(ReadoutsError, match="Expected a text with the SHA-256"):
        write_annotations(ARTICLE, "brat", tmp_path / "out", corpus / "annotations", corpus / "texts")


def test_format_and_folder_are_given_together(corpus: Path, run: Run) -> None:
    done = run("draft", ARTICLE, "--texts", "texts", "--to", "brat", cwd=corpus)
    assert (done.returncode, "Give --to and --output together" in done.stderr) == (2, True)


def test_a_format_that_is_not_known_is_named(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match="Did you mean 'brat'"):
        write_annotations(ARTICLE, "bratt", tmp_path / "out", corpus / "annotations", corpus / "texts")


def test_json_is_told_by_what_it_holds(tmp_path: Path) -> None:
    proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("en")),))
    for name, file in (("inception", "herald.json"), ("web-annotation", "herald.jsonld")):
        path = tmp_path / f"{name}.json"
        path.write_bytes(FORMATS[name].write(proposal, "Marek called.", About("herald"))[file])
        assert format_of(path) == name
    (tmp_path / "answer.json").write_text('{"statements": []}')
    assert format_of(tmp_path / "answer.json") is None
    with pytest.raises(ReadoutsError, match="no format that is read from annotation tools"):
        read_annotations(tmp_path / "answer.json", "", About("herald"))


def test_xmi_is_read_without_its_archive(tmp_path: Path) -> None:
    import io
    import zipfile

    proposal = Proposal(mentions=(MentionProposal("jana-marek", (0, 5), Origin("inception")),))
    files = FORMATS["inception"].write(proposal, "Marek called.", About("herald"))
    with zipfile.ZipFile(io.BytesIO(files["herald.zip"])) as archive:
        for names in (["herald.xmi"], ["herald.xmi", "TypeSystem.xml"]):
            for name in names:
                (tmp_path / name).write_bytes(archive.read(name))
            assert read_annotations(tmp_path / "herald.xmi", "Marek called.", About("herald")) == (proposal, [])


def test_a_character_that_xml_cannot_hold_is_named() -> None:
    with pytest.raises(ReadoutsError, match=r"U\+0001 at 6"):
        FORMATS["inception"].write(Proposal(), "Marek \x01called.", About("herald"))


def test_a_span_that_brat_cannot_hold_is_named() -> None:
    for text, place in (("Marek\ncalled.", (0, 6)), ("Marek called.", (3, 3))):
        proposal = Proposal(mentions=(MentionProposal("jana-marek", place, Origin("en")),))
        with pytest.raises(ReadoutsError, match="mention-1 has the span"):
            FORMATS["brat"].write(proposal, text, About("herald"))


def test_every_label_of_the_schema_is_in_the_configuration_of_a_tool() -> None:
    about = About("herald", frozenset({"jana-marek"}), frozenset(), frozenset())
    configuration = FORMATS["brat"].write(Proposal(), "Marek called.", about)["annotation.conf"].decode()
    assert "act\tArg:Statement, Value:say|stress|" in configuration
    assert "entity\tArg:Source|Addressee|Mention, Value:jana-marek\n" in configuration
    layers = json.loads(FORMATS["inception"].write(Proposal(), "Marek called.", about)["layers.json"])
    statement = next(layer for layer in layers if layer["uiName"] == "Statement")
    tags = {feature["name"]: feature["tag_set"] for feature in statement["features"]}
    assert [tag["tag_name"] for tag in tags["polarity"]["tags"]] == ["positive", "negative", "unclear"]
    assert (tags["act"]["create_tag"], tags["event"]) == (False, None)
    assert [tag["tag_name"] for tag in tags["chain"]["tags"]][:2] == ["1", "2"]


def test_words_are_where_uima_counts_them() -> None:
    text = "😀 Marek called."
    proposal = Proposal(mentions=(MentionProposal("jana-marek", (2, 7), Origin("en")),))
    document = json.loads(FORMATS["inception"].write(proposal, text, About("herald"))["herald.json"])
    (mention,) = [each for each in document["%FEATURE_STRUCTURES"] if each["%TYPE"] == "webanno.custom.Mention"]
    units = text.encode("utf-16-le")
    assert (mention["begin"], mention["end"]) == (3, 8)
    assert units[2 * mention["begin"] : 2 * mention["end"]].decode("utf-16-le") == "Marek"


def test_a_folder_of_files_is_imported_as_drafts(corpus: Path, run: Run) -> None:
    for name in FORMATS:
        output = corpus.parent / name
        assert run("draft", ARTICLE, "--texts", "texts", "--to", name, "-o", str(output), cwd=corpus).returncode == 0
        done = run("import", str(output), "--texts", "texts", "--replace", cwd=corpus)
        assert done.returncode == 0, done.stdout + done.stderr
        anchored = run("anchor", ARTICLE, "--texts", "texts", cwd=corpus)
        assert (anchored.returncode, ", 0 of them new." in anchored.stdout) == (0, True), anchored.stdout


def test_what_a_tools_file_lacks_is_listed_in_json(corpus: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "admin.ann").write_text("T1\tMention 15 20\tMarek\nA1\tentity T1 jana-mark\n")
    arguments = ("import", str(tmp_path / "admin.ann"), "--texts", "texts", "--replace", "--format", "json")
    assert "has no article 'admin'" in run(*arguments, cwd=corpus).stderr
    done = run(*arguments, "--article", ARTICLE, cwd=corpus)
    document = json.loads(done.stdout)
    assert (done.returncode, document["path"], document["kept"]["mentions"]) == (1, None, 0)
    assert [each["code"] for each in document["refused"]] == ["foreign-key", "missing-key"]


def test_a_folder_without_files_of_a_tool_is_refused(corpus: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "empty").mkdir()
    done = run("import", str(tmp_path / "empty"), "--texts", "texts", cwd=corpus)
    assert (done.returncode, "No file of an annotation tool is in" in done.stderr) == (2, True)
