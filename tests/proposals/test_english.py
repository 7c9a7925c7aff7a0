"""Statements of English texts: invented accounts and articles, rule by rule of the guideline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.context import Context
from readouts.proposals.english import statements
from readouts.proposals.english_syntax import Grammar, inflected, tokens
from readouts.proposals.facts import EventFacts, Facts
from readouts.proposals.lexicon import load_lexicon
from readouts.proposals.registry import Entity, Registry
from readouts.proposals.rules import proposal_for
from readouts.text.quotation import edges_hold

if TYPE_CHECKING:
    from readouts.proposals.proposal import StatementProposal

ENTITIES = [
    Entity("jana-marek", "person", "Jana Marek", "VD"),
    Entity("ilya-ostrova", "person", "Ilya Ostrova", "SN"),
    Entity("veldania", "state", "Veldania", "VD"),
    Entity("sarnia", "state", "Sarnia", "SN"),
    Entity("tarn", "state", "Tarn", "TN"),
    Entity("presidency", "office", "Presidency", "VD"),
    Entity("chancellery", "office", "Chancellery", "SN"),
]
REGISTRY = Registry({entity.id: entity for entity in ENTITIES})
ACCOUNTS = {"presidency": "presidency-2031-05-01", "chancellery": "chancellery-2031-05-01"}
CALL = EventFacts(
    "call-2031-05-01", "call", "2031-05-01", ACCOUNTS, ("jana-marek", "ilya-ostrova"), ("veldania", "sarnia")
)
BOTH, PARTICIPANTS = "jana-marek+ilya-ostrova", "participants"


def found(text: str, kind: str = "readout") -> tuple[StatementProposal, ...]:
    official = ("presidency", ACCOUNTS["presidency"]) if kind == "readout" else (None, None)
    return proposal_for(Facts("call", kind, "en", "", CALL, *official), text, REGISTRY).statements


def shown(text: str, kind: str = "readout") -> list[tuple[str, str, str]]:
    """Return of each statement who says it, the cue, and the content, whose spans are joined by a bar."""
    lines = []
    for each in found(text, kind):
        steps = each.chain[1:] if kind == "readout" else each.chain
        who = " > ".join("+".join(source.entity or source.label or "" for source in step) for step in steps)
        cues = [text[slice(*place)] for source in each.chain[-1] for place in source.cue]
        content = " | ".join(text[slice(*place)] for place in each.content)
        lines.append((who, " ".join(cues), content))
    return lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 3.10, 2.1: one statement for each clause; what they share is the first span of both.
        (
            "Marek said that the bridge is open and trade is growing.",
            [("jana-marek", "said", "the bridge is open"), ("jana-marek", "said", "trade is growing")],
        ),
        (
            "Marek stressed that Veldania will open the bridge and lower the toll.",
            [
                ("jana-marek", "stressed", "Veldania will open the bridge"),
                ("jana-marek", "stressed", "Veldania will | lower the toll"),
            ],
        ),
        # 2.2, 3.11: infinitives of an agreement.
        (
            "They agreed to reopen the bridge and to lower the toll.",
            [(BOTH, "agreed", "to reopen the bridge"), (BOTH, "agreed", "to lower the toll")],
        ),
        # 2.3: nouns under one verb.
        ("The leaders discussed trade, the bridge and the harvest.", [
            ("", "", "The leaders discussed trade, the bridge and the harvest"),
        ]),
        # 2.4, 4.6: nouns that head a proposition.
        (
            "Marek underscored the readiness of Sarnia to talk and the importance of the bridge.",
            [
                ("jana-marek", "underscored", "the readiness of Sarnia to talk"),
                ("jana-marek", "underscored", "the importance of the bridge"),
            ],
        ),
        # 2.6, 4.7: verbs that say what is said.
        (
            "Marek thanked Ostrova for the grain and invited her to visit Veldania.",
            [
                ("jana-marek", "thanked", "thanked | Ostrova for the grain"),
                ("jana-marek", "invited", "invited | to visit Veldania"),
            ],
        ),
        # 2.9: a clause set off by a comma.
        (
            "Marek condemned the attack on the dam, which killed twelve people.",
            [
                ("jana-marek", "condemned", "condemned | the attack on the dam"),
                ("jana-marek", "condemned", "which killed twelve people"),
            ],
        ),
        # 2.11: a participle that attributes.
        (
            "The leaders discussed the border, underscoring the role of the observers.",
            [("", "", "The leaders discussed the border"), (BOTH, "underscoring", "the role of the observers")],
        ),
        # 3.5: a bare will.
        ("Veldania will send observers.", [("", "", "Veldania will send observers")]),
        # 3.9 against 3.10: the object decides.
        ("Marek noted the importance of calm.", [("jana-marek", "noted", "the importance of calm")]),
        ("Marek noted the steps on the border.", [("", "", "Marek noted the steps on the border")]),
        # 3.12 to 3.14: passives.
        ("It was agreed to continue the talks.", [(BOTH, "agreed", "to continue the talks")]),
        ("It was stressed that the bridge must open.", [(PARTICIPANTS, "stressed", "the bridge must open")]),
        ("The harvest was discussed.", [("", "", "The harvest was discussed")]),
        # 3.17, 3.21: pronouns, and speech that goes on.
        (
            "Ostrova said that the toll would fall. She added that ferries would sail. Pilots would return.",
            [
                ("ilya-ostrova", "said", "the toll would fall"),
                ("ilya-ostrova", "added", "ferries would sail"),
                ("ilya-ostrova", "added", "Pilots would return"),
            ],
        ),
        # 4.1: a frame that belongs to the content.
        (
            "On Tarn, Marek reiterated that the border is closed.",
            [("jana-marek", "reiterated", "On Tarn | the border is closed")],
        ),
        # 4.5: before *about* the noun is content, before *that* it is cue.
        ("Marek voiced deep concern about the toll.", [("jana-marek", "voiced", "deep concern about the toll")]),
        ("Marek expressed hope that the bridge opens.", [("jana-marek", "expressed hope", "the bridge opens")]),
        # 4.3: who is asked is not content.
        ("Marek urged Ostrova to reopen the bridge.", [("jana-marek", "urged", "to reopen the bridge")]),
        # A clause of its own behind an infinitive is the issuer's.
        (
            "The two leaders tasked experts to draw up a map, and Veldania will pay for it.",
            [(BOTH, "tasked", "to draw up a map"), ("", "", "Veldania will pay for it")],
        ),
        # 4.13: quotations.
        (
            "“The bridge is open. The toll is gone,” Marek said.",
            [("jana-marek", "said", "The bridge is open"), ("jana-marek", "said", "The toll is gone")],
        ),
    ],
)  # fmt: skip
def test_an_account_gives_its_statements(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert sorted(shown(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers met a week ago in Tarn.", []),
        ("The bridge is open, Marek said.", [("jana-marek", "said", "The bridge is open")]),
        ("“The bridge is open,” said Marek.", [("jana-marek", "said", "The bridge is open")]),
        (
            "The Presidency said that Marek told Ostrova that the bridge is open.",
            [("presidency > jana-marek", "told", "the bridge is open")],
        ),
        (
            "Marek told Ostrova that the bridge is open, the Presidency said.",
            [("presidency > jana-marek", "told", "the bridge is open")],
        ),
        ("Experts warned that the truce may fail.", [("Experts", "warned", "the truce may fail")]),
    ],
)
def test_a_press_article_gives_what_it_attributes(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(text, "press") == expected


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("Marek said that the bridge must open.", "modality", "normative"),
        ("Marek said that Sarnia will open the bridge.", "modality", "planned"),
        ("Marek said that the bridge closes if the toll rises.", "modality", "conditional"),
        ("Marek said that Veldania is ready to talk.", "modality", "proposed"),
        ("Marek urged Ostrova to open the bridge.", "modality", "requested"),
        ("Marek welcomed the truce.", "modality", "presupposed"),
        ("The leaders discussed what they will do.", "modality", "asserted"),
        ("Marek said that the truce may fail.", "certainty", "possible"),
        ("Marek expressed hope that the truce holds.", "certainty", "possible"),
        ("Marek said that the toll is not fair.", "polarity", "negative"),
        ("Marek said that the toll is fair.", "polarity", "positive"),
        ("Marek said that the toll is fair.", "medium", "speech"),
        ("The talk was constructive.", "medium", "writing"),
        ("The talk was constructive.", "act", "say"),
        ("Marek urged Ostrova to open the bridge.", "addressee_id", "ilya-ostrova"),
        ("Marek called the toll “an act of theft” and said that it is “unfair to all”.", "form", "mixed"),
    ],
)
def test_labels_are_read_off_the_words(text: str, label: str, value: str) -> None:
    assert found(text)[-1].labels[label] == value


def test_a_transcript_has_the_person_before_each_passage_as_second_step() -> None:
    text = "Marek: Good evening! The call has ended. Question: Will the bridge open? Marek: The bridge will open."
    assert shown(text) == [
        ("jana-marek", "", "The call has ended"),
        ("journalist", "", "Will the bridge open"),
        ("jana-marek", "", "The bridge will open"),
    ]


def test_verbs_are_inflected() -> None:
    assert list(inflected("stress")) == ["stress", "stresses", "stressing", "stressed"]
    assert list(inflected("note")) == ["note", "notes", "noting", "noted"]
    assert list(inflected("admit", ["admit admitted admitted"])) == ["admit", "admits", "admitting", "admitted"]


def test_a_clause_has_its_own_verb_and_not_that_of_a_relative_clause() -> None:
    text = "The toll that Sarnia raised in May hurts farmers."
    sentence = tokens(text, 0, len(text))
    verb = Grammar(sentence).finite(0, len(sentence))
    assert verb is not None
    assert sentence[verb].text == "hurts"


words = st.sampled_from([
    "Marek", "Ostrova", "said", "that", "and", ",", ".", "“", "”", '"', "to", "open", "the", "bridge", "which", "is",
    "agreed", "was", "they", ";", "not", "(", ")", "underscoring", "need", "of", "will", "\n", "Question:", "if", "’s",
    "according", "it", "–",
])  # fmt: skip


@given(st.lists(words, max_size=40).map(" ".join), st.sampled_from(["readout", "press"]))
def test_any_text_gives_statements_whose_spans_can_be_anchored(text: str, kind: str) -> None:
    for each in found(text, kind):
        assert each.chain
        for place in (*each.content, *each.quoted, *(at for step in each.chain for source in step for at in source.at)):
            assert 0 <= place[0] < place[1] <= len(text)
            assert edges_hold(text, *place)
        assert all(one[1] <= two[0] for one, two in zip(each.content, each.content[1:], strict=False))


def test_a_text_without_anybody_known_gives_the_issuers_statements_only() -> None:
    context = Context("readout", "en", load_lexicon("en"), "presidency", "presidency-2031-05-01")
    assert [len(each.chain) for each in statements("Somebody said that it rains. It rains.", context)] == [1, 1]
