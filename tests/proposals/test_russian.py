"""Statements from Russian: one invented account or article for each rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.context import Context
from readouts.proposals.lexicon import PARTS, load_lexicon
from readouts.proposals.proposal import MentionProposal, Origin, RegionProposal
from readouts.proposals.russian import statements
from tests.proposals.proposed import chain, contents_of, only_one, words

if TYPE_CHECKING:
    from readouts.proposals.proposal import StatementProposal

LEXICON = load_lexicon("ru", learned={part: {} for part in PARTS})
NAMES = {
    "jana-marek": "Президент Яна Марек|Яной Марек|Яны Марек|Яна Марек|Марек",
    "ilya-ostrova": "Ильёй Островой|Илья Острова|Островой|Острова",
    "chancellery": "Ведомство канцлера|ведомства канцлера",
    "presidency": "Администрация президента",
    "veldania": "Велдания",
    "sarnia": "Сарния",
}
ISSUER = [["presidency"]]
BOTH = ["jana-marek", "ilya-ostrova"]


def propose(text: str, kind: str = "readout", regions: tuple[RegionProposal, ...] = ()) -> list[StatementProposal]:
    """Propose the statements of an invented text whose names are known."""
    mentions = [
        MentionProposal(entity, found.span(), Origin("alias"))
        for entity, names in NAMES.items()
        for found in re.finditer(names, text)
    ]
    context = Context(
        kind=kind,
        language="ru",
        lexicon=LEXICON,
        issuer=None if kind == "press" else "presidency",
        account=None if kind == "press" else "presidency-2031-05-01",
        accounts={"presidency": "presidency-2031-05-01", "chancellery": "chancellery-2031-05-01"},
        event="call-2031-05-01",
        principals=("jana-marek", "ilya-ostrova"),
        states=("veldania", "sarnia"),
        mentions=tuple(sorted(mentions, key=lambda mention: mention.place)),
        regions=regions,
    )
    return statements(text, context)


def contents(text: str, kind: str = "readout") -> list[str]:
    return contents_of(text, propose(text, kind))


def only(text: str, kind: str = "readout") -> StatementProposal:
    return only_one(propose(text, kind))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Марек подчеркнула, что мост открыт, и что паром закрыт.",
            ["мост открыт", "паром закрыт"],
            id="further clauses",
        ),
        pytest.param(
            "Стороны договорились открыть мост и снизить сбор.",
            ["открыть мост", "снизить сбор"],
            id="further infinitives",
        ),
        pytest.param(
            "Стороны подтвердили готовность продолжить переговоры и расширить торговлю.",
            ["готовность продолжить переговоры", "готовность|расширить торговлю"],
            id="a noun that infinitives share",
        ),
        pytest.param("Острова поблагодарил Марек за зерно.", ["поблагодарил|Марек за зерно"], id="thanks"),
        pytest.param("Стороны обсудили мост и паром.", ["Стороны обсудили мост и паром"], id="a report"),
        pytest.param(
            "Пункты действуют после: снятия сбора; возврата судов.",
            ["Пункты действуют после|снятия сбора", "Пункты действуют после|возврата судов"],
            id="a list",
        ),
        pytest.param("1. Мост открыт. 2. Паром закрыт.", ["Мост открыт", "Паром закрыт"], id="numbers"),
        pytest.param(
            "В соответствии с договором стороны условились открыть мост.",
            ["В соответствии с договором|открыть мост"],
            id="a frame before the subject",
        ),
    ],
)
def test_sentences_become_statements(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Марек заявила, что мост открыт.", [*ISSUER, ["jana-marek"]]),
        ("Стороны договорились открыть мост.", [*ISSUER, BOTH]),
        ("Яна Марек и Илья Острова договорились открыть мост.", [*ISSUER, BOTH]),
        ("Велдания и Сарния приветствуют открытие моста.", [*ISSUER, ["veldania", "sarnia"]]),
        ("Достигнута договорённость открыть мост.", [*ISSUER, BOTH]),
        ("Было подчёркнуто, что мост важен.", [*ISSUER, ["participants"]]),
        ("Отмечена важность моста.", [*ISSUER, ["participants"]]),
        ("Подчеркнула Марек, что мост открыт.", [*ISSUER, ["jana-marek"]]),
        ("Администрация президента отмечает, что мост открыт.", ISSUER),
        ("Сарния откроет мост, будет построен паром.", ISSUER),
        ("Обсуждался мост.", ISSUER),
    ],
)
def test_who_speaks(text: str, expected: list[list[str]]) -> None:
    assert chain(only(text)) == expected


@pytest.mark.parametrize(
    ("text", "act", "modality", "polarity"),
    [
        ("Марек отметила, что мост открыт.", "say", "asserted", "positive"),
        ("Марек подчеркнула, что мост необходимо открыть.", "stress", "normative", "positive"),
        ("Марек заявила, что мост не будет закрыт.", "say", "planned", "negative"),
        ("Острова выразил готовность открыть мост.", "offer", "proposed", "positive"),
        ("Острова призвал открыть мост.", "urge", "requested", "positive"),
        ("Стороны условились открыть мост.", "agree", "planned", "positive"),
        ("Марек заявила, что если мост закрыт, паром работает.", "say", "conditional", "positive"),
        ("Острова поздравил Марек.", "express", "presupposed", "positive"),
        ("Марек рассказала о ремонте моста.", "report", "asserted", "positive"),
    ],
)
def test_cue_and_content_set_the_labels(text: str, act: str, modality: str, polarity: str) -> None:
    labels = only(text).labels
    assert (labels["act"], labels["modality"], labels["polarity"]) == (act, modality, polarity)


def test_the_first_report_names_its_initiator() -> None:
    text = "По инициативе сарнийской стороны состоялся телефонный разговор Яны Марек с Ильёй Островой."
    found = propose(text)
    assert sorted(words(text, each) for each in found) == ["По инициативе сарнийской стороны", text[:-1]]
    assert {(each.labels["act"], each.labels["medium"]) for each in found} == {("report", "writing")}


def test_speech_goes_on_only_with_a_sign() -> None:
    found = propose("Марек подчеркнула, что мост открыт. Также паром закрыт. Сбор снижен.")
    assert [chain(each) for each in found] == [[*ISSUER, ["jana-marek"]], [*ISSUER, ["jana-marek"]], ISSUER]
    assert [each.labels["form"] for each in found] == ["indirect", "free_indirect", "free_indirect"]


def test_what_surrounds_an_account_on_its_page_holds_no_statement() -> None:
    text = "События Мост 1 мая 2031 года 18:55 Мост открыт. Паром закрыт. Смотрите также Мост построен."
    assert contents(text) == ["Мост открыт", "Паром закрыт"]


def test_regions_hold_no_statement() -> None:
    text = "Мост открыт\n\nПаром закрыт."
    assert [
        words(text, each) for each in propose(text, regions=(RegionProposal("headline", (0, 11), Origin("r")),))
    ] == ["Паром закрыт"]


def test_a_form_with_another_ending_is_found_but_not_a_noun() -> None:
    assert chain(only("В соответствии с договорённостью мост открыт.")) == ISSUER


@pytest.mark.parametrize("text", ["", "\n \n", "Телефонный разговор с Ильёй Островой", "—", "1. 2.", "Марек:"])
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert not propose(text)
    assert not propose(text, "press")


def test_press_gives_only_what_is_attributed() -> None:
    text = "Мост закрыт. Ведомство канцлера сообщило, что мост будет открыт. Паром работает."
    found = only(text, "press")
    assert (words(text, found), chain(found), found.labels["medium"]) == (
        "мост будет открыт",
        [["chancellery"]],
        "writing",
    )
    assert found.chain[0][0].account == "chancellery-2031-05-01"


def test_press_quotation_before_its_verb_is_direct() -> None:
    text = "«Мост надо открыть», — заявил Острова."
    found = only(text, "press")
    assert (words(text, found), chain(found), found.labels["form"]) == (
        "Мост надо открыть",
        [["ilya-ostrova"]],
        "direct",
    )
    assert found.quoted == found.content


def test_press_tells_who_says_that_somebody_said() -> None:
    text = "Ведомство канцлера сообщило, что Острова назвал мост «старым»."
    found = only(text, "press")
    assert (words(text, found), chain(found)) == ("мост «старым»", [["chancellery"], ["ilya-ostrova"]])
    assert (found.labels["form"], [text[slice(*place)] for place in found.quoted]) == ("mixed", ["старым"])


def test_press_follows_a_source_with_according_to() -> None:
    text = "По данным ведомства канцлера, мост открыт."
    found = only(text, "press")
    assert (words(text, found), chain(found)) == ("мост открыт", [["chancellery"]])
    assert text[slice(*found.chain[0][0].cue[0])] == "По данным"


def test_press_knows_unnamed_sources_by_a_label() -> None:
    assert chain(only("Эксперт заявил, что мост стар.", "press")) == [["an expert"]]


@given(
    st.lists(
        st.sampled_from(
            [
                "Марек",
                "Стороны",
                "подчеркнула",
                "договорились",
                "что",
                "и",
                "открыть",
                "мост",
                "после:",
                ";",
                ",",
                ".",
                "«",
                "»",
                "не",
                "\n",
                "Ё",
            ]
        ),
        max_size=14,
    )
)
def test_every_place_lies_in_the_text_and_holds_words(parts: list[str]) -> None:
    text = " ".join(parts)
    for kind in ("readout", "press"):
        for found in propose(text, kind):
            steps = [place for step in found.chain for source in step for place in (*source.at, *source.cue)]
            assert all(0 <= start < end <= len(text) for start, end in [*found.content, *found.quoted, *steps])
