"""The folder of texts: how the text of an article is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from readouts.text.anchoring import Anchor
from readouts.text.fingerprint import fingerprint
from readouts.text.problem import TextProblem
from readouts.text.skeleton import Skeleton
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

HERALD = (
    "President Jana Marek called Chancellor Ilya Ostrova on Thursday to propose a truce in the Lakes. The two agreed "
    "that their ministers would meet in Port Sarn. Analysts doubted in the evening that any truce would last.\n"
)
COURIER = "It was Ostrova who placed the call, according to the Chancellery. Armed bands go on terrorising villages.\n"


def anchors(text: str) -> list[Anchor]:
    whole = Skeleton(text)
    places = [match.span() for match in re.finditer(r"\w+ \w+", text)]
    return [Anchor(f"x{start}", start, end, fingerprint(whole, start, end)) for start, end in places]


def folder_with(folder: Path, **files: str) -> TextFolder:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return TextFolder(folder)


def problem(folder: TextFolder, raw_sha256: str | None = None, article_id: str = "herald") -> TextProblem:
    with pytest.raises(TextProblem) as caught:
        _ = folder.find(article_id, raw_sha256, anchors(HERALD)).skeleton
    return caught.value


def test_a_text_is_known_by_its_name_before_all_else(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, herald="Quite another text.", other=HERALD)
    sha256 = next(text.sha256 for text in folder.texts() if text.path.stem == "other")
    assert folder.find("herald", sha256, anchors(HERALD)).path.name == "herald.txt"


def test_a_text_is_known_by_its_hash_when_its_name_is_another(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, one=COURIER, two=HERALD)
    sha256 = next(text.sha256 for text in folder.texts() if text.path.stem == "two")
    assert folder.find("herald", sha256, []).path.name == "two.txt"


def test_of_two_files_with_the_hash_the_first_by_name_is_taken(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, b=HERALD, a=HERALD)
    assert folder.find("herald", folder.texts()[0].sha256, []).path.name == "a.txt"


def test_a_changed_text_is_known_by_its_anchors(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, one=COURIER, two="Menu\r\n" + HERALD.replace(" ", "\u00a0"), three="No words of it.")
    assert folder.find("herald", "0" * 64, anchors(HERALD)).path.name == "two.txt"


def test_a_text_with_less_than_half_of_the_anchors_is_not_taken(tmp_path: Path) -> None:
    half = HERALD.split("The two agreed", maxsplit=1)[0]
    assert problem(folder_with(tmp_path, one=half)).code == "text-missing"


def test_two_texts_that_both_hold_the_anchors_are_ambiguous_and_both_are_named(tmp_path: Path) -> None:
    found = problem(folder_with(tmp_path, one="Menu\n" + HERALD, two="Home\n" + HERALD, three=COURIER))
    assert found.code == "text-ambiguous"
    assert "one.txt" in str(found)
    assert "two.txt" in str(found)


def test_a_text_with_not_quite_twice_the_anchors_of_another_is_ambiguous(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, a="", b="", c="")
    assert folder.choose("herald", [9, 20, 10], 22).path.name == "b.txt"
    assert folder.choose("herald", [0, 11, 0], 22).path.name == "b.txt"
    for scores, code in [([9, 20, 11], "text-ambiguous"), ([0, 10, 0], "text-missing"), ([0, 0, 0], "text-missing")]:
        with pytest.raises(TextProblem) as caught:
            folder.choose("herald", scores, 22)
        assert caught.value.code == code


@pytest.mark.parametrize("files", [{}, {"other": COURIER}], ids=["empty folder", "another text"])
def test_a_missing_text_is_said_with_what_was_expected(tmp_path: Path, files: dict[str, str]) -> None:
    found = problem(folder_with(tmp_path, **files))
    assert found.code == "text-missing"
    assert "expected herald.txt" in str(found)
    assert f"found {len(files)} files" in str(found)


def test_an_article_without_anchors_is_known_by_name_or_hash_only(tmp_path: Path) -> None:
    with pytest.raises(TextProblem) as caught:
        folder_with(tmp_path, one=HERALD).find("herald", None, [])
    assert caught.value.code == "text-missing"


def test_a_text_that_is_not_utf_8_is_unreadable_and_the_byte_is_named(tmp_path: Path) -> None:
    (tmp_path / "herald.txt").write_bytes(b"Caf\xe9")
    found = problem(TextFolder(tmp_path))
    assert found.code == "text-unreadable"
    assert "byte 3 is 0xe9" in str(found)


def test_other_files_that_are_not_utf_8_do_not_keep_a_text_from_being_known_by_its_anchors(tmp_path: Path) -> None:
    (tmp_path / "broken.txt").write_bytes(b"\xff\xfe\x00")
    folder = folder_with(tmp_path, one="Menu\n" + HERALD)
    assert folder.find("herald", None, anchors(HERALD)).path.name == "one.txt"


def test_a_text_is_decoded_as_it_is_with_its_line_breaks_and_byte_order_mark(tmp_path: Path) -> None:
    data = "\ufeffMarek called.\r\nOstrova\rlistened.\n".encode()
    (tmp_path / "herald.txt").write_bytes(data)
    text = TextFolder(tmp_path).find("herald", None, [])
    assert text.skeleton.text.encode() == data


def test_folders_and_files_of_other_kinds_are_no_texts(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "notes.md").write_text(HERALD, encoding="utf-8")
    assert TextFolder(tmp_path).texts() == []
    assert problem(TextFolder(tmp_path)).code == "text-missing"
