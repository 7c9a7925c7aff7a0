"""Reading YAML within limits, with the place of every value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotations.composer import composed
from readouts.annotations.nodes import (
    Limits,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlError,
    decode,
    describe,
    parse,
)
from readouts.annotations.usual import usual
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.incident import Incident


@pytest.fixture(params=["libyaml", "pure Python"], autouse=True)
def _both_parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs with both parsers: which one is there depends on how PyYAML was built."""
    if request.param == "pure Python":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    elif not hasattr(yaml, "CBaseLoader"):
        pytest.skip("PyYAML is installed without libyaml")


def finding(text: str, limits: Limits | None = None) -> Incident:
    with pytest.raises(YamlError) as raised:
        parse(text, "a.yaml", limits)
    return raised.value.finding


def value(text: str) -> str | None:
    node = parse(text, "a.yaml").items["key"]
    assert isinstance(node, Scalar)
    return node.value


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for name, item in node.items.items():
            yield node.keys[name]
            yield from scalars(item)


@pytest.mark.parametrize(
    "written", ["2031-05-02", "no", "yes", "012", "0x1f", "1e3", "12:30:00", ".5", "true", "=", "<<"]
)
def test_a_value_stays_the_text_that_was_written(written: str) -> None:
    assert value(f"key: {written}\n") == written


@pytest.mark.parametrize("written", ["", "  # nothing", " ~", " null"])
def test_nothing_written_is_no_value(written: str) -> None:
    assert value(f"key:{written}\nother: x\n") is None


@pytest.mark.parametrize(("written", "text"), [('""', ""), ("'~'", "~"), ('"null"', "null"), ("|-\n  null", "null")])
def test_what_is_quoted_is_always_a_value(written: str, text: str) -> None:
    assert value(f"key: {written}\n") == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_count_code_points_whatever_the_line_ends(newline: str) -> None:
    text = newline.join(
        ["𝔘𝔫𝔦: 😀😀", "list:", "  - é", '  - {b: "𝔵 “y”", c: [z, ]}  # 😀', "d: >", "  folded", "  text", "e: f", ""]
    )
    root = parse(text, "a.yaml")
    written = {text[node.start : node.end] for node in scalars(root)}
    assert {"𝔘𝔫𝔦", "😀😀", "é", '"𝔵 “y”"', "z", "f"} <= written
    for node in scalars(root):
        assert node.line == text.count("\n", 0, node.start) + 1
        assert node.column == node.start - (text.rfind("\n", 0, node.start) + 1) + 1
    listed = root.items["list"]
    assert isinstance(listed, Sequence)
    flow = listed.items[1]
    assert isinstance(flow, Mapping)
    assert text[flow.start : flow.end] == '{b: "𝔵 “y”", c: [z, ]}'
    assert text[flow.items["c"].start : flow.items["c"].end] == "[z, ]"
    assert flow.end == listed.end


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)


@given(
    st.lists(st.tuples(PRINTABLE, PRINTABLE), min_size=1, unique_by=lambda pair: pair[0]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_every_place_holds_the_value_that_was_written_there(pairs: list[tuple[str, str]], newline: str) -> None:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    text = "".join(f"{quoted(key)}: [{quoted(entry)}, x]  # 😀{newline}" for key, entry in pairs)
    root = parse(text, "a.yaml")
    assert list(root.items) == [key for key, _ in pairs]
    for number, (key, entry) in enumerate(pairs, 1):
        node = root.items[key]
        assert isinstance(node, Sequence)
        first = node.items[0]
        assert isinstance(first, Scalar)
        assert first.value == entry
        assert text[first.start : first.end] == quoted(entry)
        assert text[root.keys[key].start : root.keys[key].end] == quoted(key)
        assert text[node.start : node.end] == f"[{quoted(entry)}, x]"
        assert (node.line, root.keys[key].column) == (number, 1)


def test_a_block_ends_with_its_last_value_and_not_behind_the_comments_that_follow() -> None:
    text = "a:\n  - b\n  - c  # mine\n\n# the next one's\nd: e\n"
    assert text[: parse(text, "a.yaml").items["a"].end].endswith("- c")


def test_the_depth_is_limited() -> None:
    limits = Limits(depth=3)
    parse("a: [[b]]", "a.yaml", limits)
    found = finding("a: [[[b]]]", limits)
    assert (found.code, str(found.source)) == ("yaml-limit", "a.yaml:1:7")
    assert "more than 3 deep" in found.message


def test_a_bomb_of_brackets_is_refused_at_once() -> None:
    assert finding("a: " + "[" * 500_000).code == "yaml-limit"


def test_the_number_of_values_is_limited() -> None:
    limits = Limits(values=6)
    parse("a: [b, c, d]", "a.yaml", limits)
    found = finding("a: [b, c, d, e]", limits)
    assert (found.code, str(found.source)) == ("yaml-limit", "a.yaml:1:14")


def test_the_size_is_limited_in_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: éé", encoding="utf-8")
    assert decode(path, "a.yaml", Limits(size=7)) == "a: éé"
    with pytest.raises(YamlError) as raised:
        decode(path, "a.yaml", Limits(size=6))
    assert raised.value.finding.code == "yaml-limit"
    assert "larger than 6 bytes" in raised.value.finding.message


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfkey: x\n")
    assert value(decode(path, "a.yaml")) == "x"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: 2", "anchor &x"),
        ("a: *x", "alias *x"),
        ("a: &x [*x]", "anchor &x"),
        ("a: !!binary aGk=", "tag"),
        ("a: !local x", "tag"),
        ("a: !!python/object/apply:os.system [true]", "tag"),
        ("!!map {a: b}", "tag"),
    ],
)
def test_anchors_aliases_and_tags_are_refused(text: str, says: str) -> None:
    found = finding(text)
    assert found.code == "yaml-limit"
    assert says in found.message


@pytest.mark.parametrize(
    ("text", "place"),
    [("a: 1\nb: 2\na: 3", "a.yaml:3:1"), ("a: {b: 1, b: 2}", "a.yaml:1:11"), ("a: 1\n'a': 2", "a.yaml:2:1")],
)
def test_a_repeated_key_is_refused_at_its_second_place(text: str, place: str) -> None:
    found = finding(text)
    assert (found.code, str(found.source)) == ("duplicate-key", place)


def test_the_same_key_may_stand_in_two_mappings() -> None:
    assert set(parse("a: {b: 1}\nc: {b: 2}", "a.yaml").items) == {"a", "c"}


@pytest.mark.parametrize("text", ["[a]: b", "? {a: b}\n: c", ": b", "~: b"])
def test_a_key_is_a_text(text: str) -> None:
    assert finding(text).code == "yaml-unreadable"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: 1\n", "a.yaml:2:1", "begins with a tab; indent it with spaces"),
        ("a: x\n \tb: 1\n", "a.yaml:2:2", "begins with a tab; indent it with spaces"),
        ('a: 1\nb: "open\nc: 2\n', "a.yaml:2:4", "opens here is never closed"),
        ('a: "open\nc: "x"\nd: 3\n', "a.yaml:1:4", "opens here is closed only in line 2"),
        ("a: The lake: is cold\n", "a.yaml:1:12", "put the value in quotation marks"),
        ("a: {b: The lake: is cold}\n", "a.yaml:1:16", "put the value in quotation marks"),
        ("a: @lake\n", "a.yaml:1:4", "can't begin with @; put it in quotation marks"),
        ("a: %lake\n", "a.yaml:1:4", "can't begin with %; put it in quotation marks"),
        ("a: `lake`\n", "a.yaml:1:4", "can't begin with `; put it in quotation marks"),
        ("a: - lake\n", "a.yaml:1:4", "put it in quotation marks"),
        ("a: *lake\n", "a.yaml:1:4", "Put a text in quotation marks"),
        ("a: &lake x\n", "a.yaml:1:4", "Put a text in quotation marks"),
        ("a: !lake x\n", "a.yaml:1:4", "Put a text in quotation marks"),
        ('a: "Lake" side\n', "a.yaml:1:11", "put the whole value in other quotation marks"),
        ("a:\n  b: 1\n   c: 2\n", "a.yaml:3:5", "check the indentation"),
        ("a:\n  b: 1\n c: 2\n", "a.yaml:3:2", "indentation matches no line above"),
        ("a: [1, 2\nb: 3\n", "a.yaml:1:4", "needs a comma or its closing bracket before line 2"),
        ("a: | lake\n", "a.yaml:1:6", "in quotation marks"),
        ("lake\nb: 1\n", "a.yaml:2:2", "the line above has no 'key:'"),
    ],
)
def test_a_slip_of_yaml_is_named_where_it_begins(text: str, place: str, words: str) -> None:
    found = finding(text)
    assert words in found.message
    assert str(found.source).startswith(place.rpartition(":")[0] + ":")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x7f", "\x9f", "\ufffe"])
def test_a_character_that_yaml_refuses_is_named_with_its_line(character: str) -> None:
    found = finding(f"a: é😀\nb:\r\n  - x{character}y\n")
    assert (found.code, str(found.source)) == ("yaml-unreadable", "a.yaml:3")
    assert f"U+{ord(character):04X}" in found.message


@given(st.text(st.sampled_from("ab:-?[]{},#&*!|>'\"%@` \n\té😀~"), max_size=40))
def test_any_text_is_a_mapping_or_a_finding_with_its_file(text: str) -> None:
    found = None
    try:
        root = parse(text, "a.yaml")
    except YamlError as error:
        found = error.finding
    if found is None:
        assert all(text[node.start : node.end].strip() or node.value is None for node in scalars(root))
    else:
        assert found.code in {"yaml-unreadable", "yaml-limit", "duplicate-key"}
        assert found.source is not None


def exactly(text: str) -> object:
    """Read a text by the composer that knows of no quicker way; a finding is a result too."""
    try:
        return whole(composed(text, "a.yaml", Limits()))
    except YamlError as error:
        return error.finding


def whole(node: Node) -> object:
    """Return all that can be asked of a node."""
    place = (node.start, node.end, node.line, node.column)
    if isinstance(node, Scalar):
        return ("scalar", node.value, *place)
    if isinstance(node, Sequence):
        return ("sequence", [whole(item) for item in node.items], *place)
    entries = [(name, whole(node.keys[name]), whole(item)) for name, item in node.items.items()]
    return ("mapping", entries, *place)


def read(text: str) -> object:
    try:
        return whole(parse(text, "a.yaml"))
    except YamlError as error:
        return error.finding


SPANS = st.sampled_from(
    ["[[3, 14]]", "[[3, 14], [15, 92]]", "[3, 14]", "[[]]", "[[3,14]]", "[03, 14]", "[[3, 14], [5]]"]
)
FLOWS = st.sampled_from(
    [
        "{at: [[3, 14], [15, 92]], b: [1, 2]}",
        "{role: headline, by: [a, b.c, 3], on: 2031-01-02}",
        "{a: b, a: c}",
        "{null: b}",
        "{a: null}",
        "{a: [b, null]}",
        "{a: [03, 14, 15]}",
        "{a: b,c: d}",
        "{a: b, }",
        "{a: {b: c, d: [3, 14]}}",
        "{a: 'b c', d: \"e, f\", g: x y}",
        "{a: b,\n  at: [[3, 14]]}",
        "[a, {b: c}, [{d: e}, f]]",
        "[[3, 14],\n    [15, 92]]",
        "{a: , b: null}",
        "{a: b:c, d: e?f}",
    ]
)
PIECES = st.sampled_from(
    [
        "at: ",
        "a",
        "b: ",
        "- ",
        "\n",
        "\n  ",
        "\n  - ",
        "\n\n",
        "\n  b: ",
        "x y",
        "'c d'",
        '"e\n    f"',
        '"\\""',
        "b:c",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        '"',
        "'",
        "# ",
        "|\n",
        "? ",
        "&x ",
        "😀",
        " ",
    ]
)


@given(st.lists(st.one_of(SPANS, FLOWS, PIECES), max_size=14).map("".join))
def test_spans_read_the_quick_way_are_what_they_are_read_value_by_value(text: str) -> None:
    assert read(text) == exactly(text)


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  - {b: x, at: [[3, 14], [15, 92]], c: [1, 2]}\n  - [3, 14]\nd: [[0, 9]]  # [[1, 2]\n",
        "a: [[3, 14]]\n# [[3, 14]]\n",
        "a: 'it [[3, 14]] is'\nb: [[3, 14]]\n",
        'a: "it [[3, 14]] is"\n',
        "a: it [3, 14] is\n",
        "a: |\n  [[3, 14]]\nb: [[3, 14]]\n",
        "[3, 14]: a\n",
        "a: {b: c}  # {d: e}\n",
        "a: {b: c}# x\nd: {b: c}-\n",
        "{a: b}\n",
        "{a: b}: c\n",
        "a: [{b: c}: d]\n",
        "a: [{b: c}:d]\n",
        "a: {b: [3, 14], c: [[0, 1]], d: [x, y]}\ne:\n  - {f: g}\n  - - {h: i}\n    - {j: [0]}\n",
        "a: x {b: c}\n  {d: e}\n",
        "a:\n{b: c}\n",
        'a: "x {b: c} y"\nb: {c: d}\n',
        "a: |\n  {b: c}\nd: {e: f}\n",
        "a: {[3, 14]: b}\n",
        "a: [3, 14] b\n",
        'a: "[3, 14]"\nb: "3, 14"\nc: [3, 14]\n',
        "a: [[3, 14]\n",
        "a: x [[3, 14]]\n  [[3, 14]]\n",
        "é😀: [[3, 14]]\n",
        'a: "b\n  c \\"d\\" e"\nf: g\n',
        'a: "b \n  c"\n',
        'a: "b\n\n  c"\n',
        "a: b\n  c\n",
        "a: b\n  - c\n",
        "a:\n- b\n- c: d\n  e:\n  - f\ng: h\n",
        "a:\n  b:\n    c: d\n e: f\n",
        "a:\n  # b\n\n  c: d # e\n# f\n",
        "a:\n  b\nc:\n  {d: e}\nf:\n  - - g\n    - h\n  - i\n",
        "a:\nb: null\nc: 'null'\nnull: d\n",
        "a: [[3, 14],\n  [15, 92], [6, 5],\n    [35, 89]]\nb: c\n",
        "a: {b: [c, 'd'],\n   e: {f: [3, 14]}, g: \"h, i\"}\nj: [k, {l: m}]\n",
        "a: https://example.org/b?c#d\ne: 12:30\nf: g:\n",
        "a-b.c: d\n1: 2\n_e: f\ng : h\n",
        f"a: {'[' * 8}[[3, 14]]{']' * 8}\n",
        f"a: {'[' * 9}[[3, 14]]{']' * 9}\n",
        f"a: {'[' * 10}[[3, 14]]{']' * 10}\n",
        f"a: {'[' * 11}[3, 14]{']' * 11}\n",
        f"a: {'[' * 12}[3, 14]{']' * 12}\n",
    ],
)
def test_spans_in_odd_places_are_read_as_they_would_be_value_by_value(text: str) -> None:
    assert read(text) == exactly(text)


def test_files_as_they_are_usually_written_are_read_line_by_line() -> None:
    files = sorted((ROOT / "annotations").rglob("*.yaml"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    read_by_line = [usual(text, Limits().depth, Limits().values) is not None for text in texts]
    assert sum(read_by_line) > 0.9 * len(files) > 0


def test_values_in_spans_are_counted() -> None:
    text = "a: [[1, 2], [3, 4]]\nb: [5, 6]\n"
    parse(text, "a.yaml", Limits(values=13))
    assert finding(text, Limits(values=12)).code == "yaml-limit"


def test_a_description_says_what_was_found() -> None:
    root = parse("a: [1]\nb: {c: d}\ne:\nf: " + "x" * 70, "a.yaml")
    assert [describe(node) for node in root.items.values()] == ["a list", "a mapping", "nothing", f"'{'x' * 57}...'"]


@pytest.mark.parametrize("length", [99, 100, 1024, 1025])
def test_a_key_in_a_mapping_on_one_line_is_as_long_as_yaml_allows(length: int) -> None:
    text = f"key: {{{'a' * length}: x}}\n"
    if length > 1024:
        assert finding(text).code == "yaml-unreadable"
        return
    node = parse(text, "a.yaml").items["key"]
    assert isinstance(node, Mapping)
    assert list(node.items) == ["a" * length]
