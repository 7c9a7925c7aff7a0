"""What every chart must be: readable, told in words, and the same every time."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from io import BytesIO
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import readouts
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.publish.charts import CHARTS, NothingToDrawError, agreement, coverage, entities, omissions, plot, sides
from readouts.publish.charts.circular_layout import COLOUR, DASH, MUTUAL
from readouts.publish.charts.palette import PAPER, SIDE_FILL, SIDE_TEXT
from readouts.publish.charts.shapes import Area, Label
from tests.publish.charts.geometry import collisions, outside
from tests.publish.charts.invented_corpora import Invented
from tests.publish.charts.worlds import LONG, WORLDS, crowded, everyday, strange_letters

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.publish.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"
EVENT = "call-2014-03-06"
DRAWN = [(name, event) for name in CHARTS for event in ("call", None) if event or not CHARTS[name].of_events_only]


@pytest.mark.parametrize(
    ("name", "event", "world"),
    [(*drawn, world) for drawn in DRAWN for world in WORLDS if (drawn[0], world) != ("omissions", "one_account")],
)
def test_no_text_lies_on_anything_and_nothing_leaves_the_sheet(
    name: str, event: str | None, world: str, tmp_path: Path
) -> None:
    chart = plot(WORLDS[world]().corpus(tmp_path), name, event)
    assert list(collisions(chart)) == []
    assert list(outside(chart)) == []


def heading(chart: Chart) -> str:
    """Return what stands below the title."""
    return " ".join(mark.text for mark in chart.marks if isinstance(mark, Label) and mark.place[1] < 75)


@pytest.mark.parametrize("name", ["sides", "agreement", "omissions", "coverage"])
def test_squares_are_squares_however_many_there_are(name: str) -> None:
    chart = plot(readouts.load(), name, EVENT)
    assert "Each square is a" in heading(chart)
    assert "The longer a bar" not in heading(chart)
    for mark in chart.marks:
        if isinstance(mark, Area):
            wide, high = (max(places) - min(places) for places in zip(*mark.corners, strict=True))
            assert wide == pytest.approx(high, abs=0.03), mark


@pytest.mark.parametrize("name", ["sides", "agreement", "omissions", "coverage"])
def test_the_heading_speaks_of_bars_where_there_are_bars(name: str, tmp_path: Path) -> None:
    chart = plot(crowded().corpus(tmp_path), name, "call")
    assert "The longer a bar, the more" in heading(chart)
    assert "Each square" not in heading(chart)
    assert len([mark for mark in chart.marks if isinstance(mark, Area)]) < 200


def test_texts_on_each_other_are_noticed() -> None:
    chart = sides(readouts.load(), EVENT)
    moved = [Label((22, 35), "on the title"), *chart.marks]
    spoilt = type(chart)(chart.name, chart.title, "", (), chart.width, chart.height, tuple(moved))
    assert list(collisions(spoilt))


@pytest.mark.parametrize("name", CHARTS)
def test_an_svg_has_its_words_as_text_and_is_told_to_who_cannot_see_it(name: str) -> None:
    chart = plot(readouts.load(), name, EVENT)
    root = ET.fromstring(chart.svg())
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == (chart.title, chart.description)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    texts = Counter(text.text for text in root.iter(f"{SVG}text"))
    assert texts == Counter(mark.text for mark in chart.marks if isinstance(mark, Label))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(name in each for each in ids)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_the_same_whatever_the_hash_seed_the_time_and_the_settings(name: str, tmp_path: Path) -> None:
    settings = tmp_path / "matplotlibrc"
    settings.write_text(
        "font.size: 30\nsvg.fonttype: path\ntext.color: red\ntext.hinting: default\npatch.linewidth: 5\n"
    )
    code = (
        "import sys, hashlib, readouts.publish.charts as c, readouts; "
        f"chart = c.plot(readouts.load(), {name!r}, {EVENT!r}); "
        "print(hashlib.sha256(chart.svg().encode()).hexdigest(), hashlib.sha256(chart.png()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": seed, "TZ": zone, **more},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone, more in (
            ("1", "UTC", {}),
            ("86401", "Asia/Tokyo", {"MATPLOTLIBRC": str(settings), "LC_ALL": "C"}),
        )
    }
    assert len(found) == 1


def test_a_drawing_leaves_the_users_settings_alone() -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 31.0}):
        coverage(readouts.load()).svg()
        assert mpl.rcParams["font.size"] == 31.0


def test_sides_counts_what_the_comparison_counts() -> None:
    corpus = readouts.load()
    comparison = corpus.compare(EVENT)
    voices = {voice.statement_id: voice for claim in comparison.claims for voice in claim.voices}
    expected = Counter((voice.topic, voice.side) for voice in voices.values())
    rows = sides(corpus, EVENT).rows
    assert {
        (row["topic"], side): row[side] for row in rows for side in ("a", "b", "both", "third") if row[side]
    } == expected


def test_agreement_counts_each_claim_once(tmp_path: Path) -> None:
    corpus = everyday().corpus(tmp_path)
    comparison = corpus.compare("call")
    by_topic, by_event = agreement(corpus, "call").rows, agreement(corpus).rows
    assert len(by_event) == 1
    for kind, expected in comparison.counts.items():
        if kind != "third":
            assert sum(int(row[kind]) for row in by_topic) == by_event[0][kind] == expected
    assert all(comparison.counts[kind] for kind in ("both", "only_a", "only_b", "in_tension"))


def test_omissions_counts_what_the_overview_counts() -> None:
    corpus = readouts.load()
    chart = omissions(corpus)
    frame = corpus.overview("issuer").groupby(["issuer", "topic"])[["left_out", "claims_of_other"]].sum()
    expected = {
        (issuer, topic): (left, all_)
        for (issuer, topic), (left, all_) in zip(frame.index, frame.to_numpy(), strict=True)
    }
    assert {(row["issuer"], row["topic"]): (row["left_out"], row["claims"]) for row in chart.rows} == expected
    texts = Counter(mark.text for mark in chart.marks if isinstance(mark, Label))
    assert not Counter(f"{left} of {all_}" for left, all_ in expected.values()) - texts
    solid = [mark for mark in chart.marks if isinstance(mark, Area) and mark.tip and mark.fill == SIDE_FILL["missing"]]
    # A square names its claim, a bar how many it stands for.
    counts = [int(mark.tip.replace(",", "")) if mark.tip.replace(",", "").isdigit() else 1 for mark in solid]
    assert sum(counts) == sum(left for left, _ in expected.values())
    left_out = {key.partition("/")[2] for keys in corpus.overview("issuer")["left_out_keys"] for key in keys}
    named = {mark.tip.rpartition("/")[2] for mark in solid if not mark.tip.replace(",", "").isdigit()}
    assert named <= left_out


def test_omissions_of_one_event_are_those_of_its_issuers(tmp_path: Path) -> None:
    corpus = everyday().corpus(tmp_path)
    (event,) = [row for row in corpus.overview().to_dict("records") if row["event_id"] == "call"]
    rows = omissions(corpus, "call").rows
    for issuer, side in (("Jana Marek", "a"), ("Ilya Sokol", "b")):
        assert sum(int(row["left_out"]) for row in rows if row["issuer"] == issuer) == event[f"left_out_by_{side}"]


def test_omissions_says_how_many_issuers_it_does_not_draw() -> None:
    chart = omissions(readouts.load(), EVENT, limit=1)
    assert chart.rows == omissions(readouts.load(), EVENT).rows
    foot = " ".join(mark.text for mark in chart.marks if isinstance(mark, Label) and mark.size < 8)
    assert "1 issuer with fewer claims not drawn" in foot
    assert list(collisions(chart)) == []


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_omissions_draws_as_many_issuers_as_there_is_room_for(limit: int, tmp_path: Path) -> None:
    chart = omissions(WORLDS["many_talks"]().corpus(tmp_path), limit=limit)
    assert list(collisions(chart)) == []
    assert list(outside(chart)) == []
    assert len({row["issuer"] for row in chart.rows}) == 10


def test_nothing_is_left_out_where_one_side_alone_has_an_account(tmp_path: Path) -> None:
    with pytest.raises(NothingToDrawError, match="No event in which an article carries an account of each side"):
        omissions(WORLDS["one_account"]().corpus(tmp_path))


@pytest.mark.parametrize("event", ["call", None])
def test_omissions_of_accounts_in_part_are_told_not_to_be_known(event: str | None, tmp_path: Path) -> None:
    world = everyday()
    world.rows["carriages"] = [(account, article, "excerpt") for account, article, _ in world.rows["carriages"]]
    with pytest.raises(NothingToDrawError, match="in full, with claims of its own: of parts of an account, what"):
        omissions(world.corpus(tmp_path), event)


def test_coverage_counts_every_statement_even_where_outlets_share_a_line(tmp_path: Path) -> None:
    world = crowded()
    chart = coverage(world.corpus(tmp_path), limit=5)
    assert sum(int(row["statements"]) for row in chart.rows) == len(world.rows["statements"])
    texts = [mark.text for mark in chart.marks if isinstance(mark, Label)]
    assert "40 others" in texts
    assert any("the 40 outlets with fewest statements share a line" in text for text in texts)


def test_the_graph_says_what_it_leaves_out(tmp_path: Path) -> None:
    world = everyday()
    world.entity("third", "Republic of Thirdland")
    world.relate("first", "SANCTION", "third", status="negated")
    world.relate("first", "PROTEST", "")
    world.relate("second", "COERCE", "third", status="future")
    chart = entities(world.corpus(tmp_path))
    foot = " ".join(mark.text for mark in chart.marks if isinstance(mark, Label) and mark.size < 8)
    assert "1 relation without another entity as object and 1 relation said not to be" in foot
    assert "including 1 future" in foot
    assert {(row["subject_id"], row["object_id"], row["predicates"]) for row in chart.rows} == {
        ("first", "second", "consult"),
        ("second", "first", "accuse"),
        ("second", "third", "coerce"),
    }


def test_what_both_do_together_is_one_arc_whoever_is_the_subject(tmp_path: Path) -> None:
    world = Invented()
    world.relate("first", "CONSULT", "second")
    world.relate("second", "AGREE", "first")
    assert [(row["kind"], row["relations"]) for row in entities(world.corpus(tmp_path)).rows] == [("exchange", 2)]


def test_a_relation_of_another_vocabulary_is_not_passed_off_as_one_of_ours(tmp_path: Path) -> None:
    world = Invented()
    world.relate("first", "ADMIRES", "second")
    assert entities(world.corpus(tmp_path)).rows[0]["kind"] == "other"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sides", "no statement"),
        ("agreement", "Neither side"),
        ("omissions", "'silence' is not"),
        ("coverage", "No art"),
    ],
)
def test_an_event_of_which_nobody_says_anything_is_told_clearly(name: str, told: str, tmp_path: Path) -> None:
    corpus = everyday().corpus(tmp_path)
    with pytest.raises(NothingToDrawError, match=told):
        plot(corpus, name, "silence")


def test_a_graph_without_relations_is_told_clearly(tmp_path: Path) -> None:
    with pytest.raises(NothingToDrawError, match="No relation joins two entities in 'silence'"):
        entities(everyday().corpus(tmp_path), "silence")


@pytest.mark.parametrize("name", CHARTS)
def test_an_event_that_is_misspelt_is_told_with_the_nearest(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match="Did you mean 'call'"):
        plot(everyday().corpus(tmp_path), name, "cal")


def test_sides_without_an_event_tells_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(NothingToDrawError, match="Events with accounts: call"):
        plot(everyday().corpus(tmp_path), "sides")


def test_a_name_cut_short_is_whole_in_the_description(tmp_path: Path) -> None:
    chart = sides(WORLDS["long_names"]().corpus(tmp_path), "call")
    assert LONG in chart.description
    assert not any(mark.text == LONG for mark in chart.marks if isinstance(mark, Label))


def test_what_looks_like_markup_or_mathematics_stays_text(tmp_path: Path) -> None:
    chart = sides(strange_letters().corpus(tmp_path), "call")
    root = ET.fromstring(chart.svg())
    texts = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "<b>&amp;</b> $x^2$" in texts
    assert "\x1b" not in chart.svg()


def test_a_png_has_the_size_asked_for_and_its_words() -> None:
    chart = coverage(readouts.load())
    with Image.open(BytesIO(chart.png(dpi=144))) as picture:
        assert picture.size == (chart.width * 2, chart.height * 2)
        assert picture.info["Title"] == chart.title
        assert picture.info["Description"] == chart.description
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_a_chart_is_saved_by_its_ending_and_no_other(tmp_path: Path) -> None:
    chart = coverage(readouts.load())
    chart.save(tmp_path / "chart.svg")
    chart.save(tmp_path / "chart.PNG")
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8") == chart.svg()
    assert (tmp_path / "chart.PNG").read_bytes() == chart.png()
    with pytest.raises(ReadoutsError, match=r"expected a name that ends in \.svg or \.png, found '\.pdf'"):
        chart.save(tmp_path / "chart.pdf")
    assert not (tmp_path / "chart.pdf").exists()


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_are_told_from_the_paper_and_from_each_other_even_in_grey() -> None:
    assert all(contrast(colour, PAPER) >= 4.5 for colour in SIDE_TEXT.values())
    assert all(contrast(SIDE_FILL[side], PAPER) >= 3 for side in "ab")
    assert contrast(SIDE_FILL["a"], SIDE_FILL["b"]) >= 2


BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""How colours are seen (Machado, Oliveira and Fernandes 2009, severity 1)."""


def lab(colour: str, seen: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    """Return a colour, as it is seen, in CIE Lab."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    linear = [min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in seen]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        (sum(a * b for a, b in zip(row, linear, strict=True)) / bright) ** (1 / 3)
        for row, bright in zip(rows, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_sides_are_told_apart_with_colour_blindness(blindness: str) -> None:
    # Differences above 25 are seen at a glance; 2.3 is what can just be seen.
    seen = BLINDNESS[blindness]
    assert math.dist(lab(SIDE_FILL["a"], seen), lab(SIDE_FILL["b"], seen)) > 50


def test_no_kind_of_relation_has_the_colour_of_a_side() -> None:
    assert not {*COLOUR.values()} & {*SIDE_FILL.values(), SIDE_TEXT["a"], SIDE_TEXT["b"]}


def test_kinds_of_relations_differ_in_more_than_colour() -> None:
    for first, second in combinations(COLOUR, 2):
        different_grey = contrast(COLOUR[first], COLOUR[second]) >= 1.5
        assert different_grey or DASH[first] != DASH[second] or MUTUAL in {first, second}


def test_every_text_of_a_chart_has_contrast() -> None:
    for name in CHARTS:
        for mark in plot(readouts.load(), name, EVENT).marks:
            if isinstance(mark, Label):
                assert contrast(mark.colour, PAPER) >= 4.5, mark


@pytest.mark.parametrize("name", CHARTS)
def test_without_matplotlib_the_message_names_the_extra(name: str) -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import readouts\n"
        f"try: readouts.load().plot.{name}({EVENT!r})\n"
        "except readouts.MissingDependencyError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "A chart needs matplotlib, which is not installed. Run: pip install 'readouts[charts]'"
    )


def test_importing_the_charts_does_not_import_what_draws_them() -> None:
    heavy = {"matplotlib", "numpy", "pandas", "networkx"}
    code = f"import sys, readouts.publish.charts; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_an_svg_holds_no_date_and_no_place_of_this_machine() -> None:
    svg = plot(readouts.load(), "entities").svg()
    assert not re.search(r"<metadata|dc:date|matplotlib|/tmp|/home|[0-9]{4}-[0-9]{2}-[0-9]{2}T", svg, re.IGNORECASE)
