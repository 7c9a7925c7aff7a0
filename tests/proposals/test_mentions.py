"""Names in a text: what is a mention, what isn't, and whose name a title is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.facts import read_tree
from readouts.proposals.mentions import mentions, sure_names
from readouts.proposals.registry import Entity, Holding, Registry
from tests.conftest import INVENTED, ROOT

ENTITIES = (
    Entity("jana-marek", "person", "Jana Marek", "VD", ("亚娜·马雷克", "马雷克", "Яна Марек")),
    Entity("ilya-ostrova", "person", "Ilya Ostrova", "SA", ("奥斯特罗娃", "Илья Острова")),
    Entity("olen-brand", "person", "Olen Brand", "VD"),
    Entity("president-of-veldania", "office", "President of Veldania", "VD"),
    Entity("chancellor-of-sarnia", "office", "Chancellor of Sarnia", "SA"),
    Entity("foreign-minister-of-sarnia", "office", "Foreign Minister of Sarnia", "SA"),
    Entity("veldania", "state", "Veldania", "VD", ("V.D.", "维尔丹国", "维", "Велдания", "ВД")),
    Entity("sarnia", "state", "Sarnia", "SA", ("萨尼亚", "萨", "Сарния")),
    Entity("government-of-veldania", "government", "Government of Veldania", "VD", ("Veld City", "维方")),
    Entity("veld-city", "place", "Veld City", "VD"),
    Entity("sarn-council", "organisation", "Sarn Council", None, ("萨恩理事会",)),
    Entity("sarn", "place", "Sarn", "SA", ("萨恩",)),
)
REGISTRY = Registry(
    {entity.id: entity for entity in ENTITIES},
    (
        Holding("olen-brand", "president-of-veldania", "2020-01-20", "2029-01-20"),
        Holding("jana-marek", "president-of-veldania", "2029-01-20"),
        Holding("ilya-ostrova", "chancellor-of-sarnia", "2028-03-01"),
    ),
)
LEADERS = ("jana-marek", "ilya-ostrova")


def found(text: str, language: str = "en", **known: object) -> list[tuple[str, str]]:
    """Return the mentions of a text, each with its words."""
    given_ = {"principals": LEADERS, "issuer": "veldania", "day": "2031-05-02"} | known
    return [(each.entity, text[slice(*each.place)]) for each in mentions(text, REGISTRY, language, **given_)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Presidency of Jana Marek's state", [("jana-marek", "Jana Marek")]),
        ("President Jana Marek spoke.", [("jana-marek", "President Jana Marek")]),
        ("President Jana K. Marek, Jr. spoke.", [("jana-marek", "President Jana K. Marek, Jr")]),
        ("President of Veldania Jana Marek", [("jana-marek", "President of Veldania Jana Marek")]),
        (
            "President of the Sarn Lakes, President of Ostland and Jana Marek",
            [("sarn", "Sarn"), ("jana-marek", "Jana Marek")],
        ),
        ("Veldania President Marek", [("veldania", "Veldania"), ("jana-marek", "President Marek")]),
        ("President Marek of Veldania", [("jana-marek", "President Marek"), ("veldania", "Veldania")]),
        ("The President said", [("jana-marek", "President")]),
        ("the chancellor of Sarnia said", [("ilya-ostrova", "chancellor of Sarnia")]),
        ("the Sarnia Chancellor said", [("sarnia", "Sarnia"), ("ilya-ostrova", "Chancellor")]),
        ("the Foreign Minister of Sarnia", [("foreign-minister-of-sarnia", "Foreign Minister of Sarnia")]),
        ("V.D. grain and V.D.", [("veldania", "V.D"), ("veldania", "V.D")]),
        ("arrived in Veld City", [("veld-city", "Veld City")]),
        ("Veld City denied it", [("government-of-veldania", "Veld City")]),
        ("the government of Veldania", [("government-of-veldania", "government of Veldania")]),
        ("Veldania’s Government", [("government-of-veldania", "Veldania’s Government")]),
        ("the Sarn Council and the Sarn Summit", [("sarn-council", "Sarn Council"), ("sarn", "Sarn")]),
        ("Jana\nMarek", [("jana-marek", "Jana\nMarek")]),
    ],
)
def test_the_shortest_phrase_with_its_title_is_the_mention(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the Veldanian toll, Sarniaville and a subVeldania",
        "the Sarn Agreement, the Sarn Lakes Treaty and the Veldania-Sarnia Trade Agreement",
        "she, the two leaders, his counterpart and both Presidents",
        "the two presidents; the president said",
        "",
    ],
)
def test_names_inside_longer_words_or_names_are_none(text: str) -> None:
    assert found(text) == []


def test_a_title_alone_names_who_was_in_office_on_the_day() -> None:
    text = "the President of Veldania"
    assert found(text, principals=(), day="2025-05-02") == [("olen-brand", "President of Veldania")]
    assert found(text, principals=(), day="2031-05-02") == [("jana-marek", "President of Veldania")]
    assert found(text, principals=(), day="1999-05-02") == [("president-of-veldania", "President of Veldania")]


def test_a_title_alone_is_none_where_nothing_says_whose_it_is() -> None:
    assert found("The President said", principals=(), issuer=None) == []


def test_a_surname_that_the_registry_lacks_needs_the_full_name_or_a_leader() -> None:
    assert found("Brand prices rose") == []
    assert found("Olen Brand came; Brand spoke") == [("olen-brand", "Olen Brand"), ("olen-brand", "Brand")]
    assert found("Brand spoke", principals=("olen-brand",)) == [("olen-brand", "Brand")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "维尔丹国总统马雷克和奥斯特罗娃女士",
            [("veldania", "维尔丹国"), ("jana-marek", "总统马雷克"), ("ilya-ostrova", "奥斯特罗娃女士")],
        ),
        ("马雷克总统", [("jana-marek", "马雷克总统")]),
        ("维萨贸易", [("veldania", "维"), ("sarnia", "萨")]),
        ("对维贸易、访萨", [("veldania", "维"), ("sarnia", "萨")]),
        ("维方说", [("government-of-veldania", "维方")]),
        ("维尔丹国政府", [("government-of-veldania", "维尔丹国政府")]),
        ("维护和平，思维", []),
        ("“维独”和“以维制萨”", []),
        ("《维尔丹国关系法》和萨恩宪章", []),
        ("萨恩理事会在萨恩会晤", [("sarn-council", "萨恩理事会"), ("sarn", "萨恩")]),
        ("同维尔丹国总统通电话", [("veldania", "维尔丹国"), ("jana-marek", "总统")]),
        ("总统先生，你好", [("ilya-ostrova", "总统先生")]),
        ("两国总统", []),
        ("总统小明·马雷克", [("jana-marek", "总统小明·马雷克")]),
        ("，小明·K·马雷克说", [("jana-marek", "小明·K·马雷克")]),
        ("马奥会", [("jana-marek", "马"), ("ilya-ostrova", "奥")]),
    ],
)
def test_chinese_names_have_the_edges_of_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "zh-Hans") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("с Яной Марек и Ильёй Островой", [("jana-marek", "Яной Марек"), ("ilya-ostrova", "Ильёй Островой")]),
        ("Президент Велдании Яна Марек", [("jana-marek", "Президент Велдании Яна Марек")]),
        ("канцлеру Сарнии", [("ilya-ostrova", "канцлеру Сарнии")]),
        ("президентов Велдании", [("veldania", "Велдании")]),
        ("велданская сторона, Сарнийский", []),
        ("ВД и Сарнию", [("veldania", "ВД"), ("sarnia", "Сарнию")]),
    ],
)
def test_russian_names_are_found_in_any_case_form(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, "ru") == expected


def test_a_registry_without_chinese_names_has_no_mentions_in_chinese() -> None:
    registry = Registry({"vd": Entity("vd", "state", "VD")})
    text = "维尔丹国、VD式、AVD和VD。"
    assert [text[slice(*each.place)] for each in mentions(text, registry, "zh")] == ["VD"]
    assert (
        mentions("", Registry(), "zh")
        == mentions("Veldania", Registry(), "en")
        == mentions("РФ", Registry(), "ru")
        == []
    )


def test_an_article_before_a_name_is_left_out() -> None:
    registry = Registry({"lakes": Entity("lakes", "place", "The Lakes")})
    text = "round the Lakes"
    assert [text[slice(*each.place)] for each in mentions(text, registry, "en")] == ["Lakes"]


def test_another_language_gets_the_names_alone() -> None:
    assert found("Präsidentin Jana Marek, Veldania", "de") == [("jana-marek", "Jana Marek"), ("veldania", "Veldania")]


def test_learned_names_come_after_those_of_the_registry() -> None:
    learned = {"the Lakes": "sarn", "Veldania": "sarnia"}
    assert found("Veldania and the Lakes", learned=learned) == [("veldania", "Veldania"), ("sarn", "the Lakes")]


def test_only_names_that_mostly_mean_one_entity_are_sure() -> None:
    assert sure_names({"a": {"x": 4, "y": 1}, "b": {"x": 1, "y": 1}, "c": {}}) == {"a": "x"}


def test_nothing_is_looked_for_in_excluded_places() -> None:
    assert found("Veldania. Topics: Veldania", excluded=[(10, 26)]) == [("veldania", "Veldania")]


def test_a_tree_of_annotations_gives_its_registry() -> None:
    registry = read_tree(INVENTED / "annotations").registry
    text = "The President of Veldania wrote to Ostrova."
    spoken = [(each.entity, text[slice(*each.place)]) for each in mentions(text, registry, "en", day="2031-05-02")]
    assert spoken == [("jana-marek", "President of Veldania"), ("ilya-ostrova", "Ostrova")]
    assert read_tree(ROOT / "tests" / "languages" / "annotations").registry.homes["presidency"] == "veldania"


PIECES = [*(name for entity in ENTITIES for name in entity.names), "President", "总统", "Президент"]


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(alphabet=" ,.-’'“”《》the of对和 ", max_size=4)), max_size=12),
    st.sampled_from(["en", "zh-Hans", "zh-Hant", "ru", "de"]),
)
def test_mentions_are_names_of_their_entity_and_apart(pieces: list[str], language: str) -> None:
    text = "".join(pieces)
    reached = 0
    for each in mentions(text, REGISTRY, language, principals=LEADERS, issuer="veldania", day="2031-05-02"):
        (start, end), words = each.place, text[slice(*each.place)]
        assert reached <= start < end <= len(text)
        reached = end
        names = REGISTRY.entities[each.entity].names
        if each.origin.rule == "mention.name":
            assert (
                any(name.rstrip(".").replace("’", "'") in words.replace("’", "'") for name in names) or language == "ru"
            )
        assert words[0].isalnum()
        assert words[-1].isalnum()
