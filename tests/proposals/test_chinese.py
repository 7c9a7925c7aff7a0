"""Statements from Chinese: one invented account or article for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.chinese import statements
from readouts.proposals.context import Context
from readouts.proposals.lexicon import PARTS, load_lexicon
from readouts.proposals.proposal import MentionProposal, Origin, RegionProposal
from tests.proposals.proposed import chain, contents_of, only_one, words

if TYPE_CHECKING:
    from readouts.proposals.proposal import StatementProposal

LEXICON = load_lexicon("zh", learned={part: {} for part in PARTS})
NAMES = {
    "国家主席马雷克": "jana-marek",
    "总统马雷克": "jana-marek",
    "總統馬雷克": "jana-marek",
    "馬雷克": "jana-marek",
    "马雷克": "jana-marek",
    "总理奥斯特罗娃": "ilya-ostrova",
    "奥斯特罗娃": "ilya-ostrova",
    "奧斯特羅娃": "ilya-ostrova",
    "萨尼亚": "sarnia",
    "萨恩": "sarn",
    "韦方": "government-of-veldania",
    "萨方": "government-of-sarnia",
    "總統府": "government-of-veldania",
    "李安": "li-an",
    "湖区": "lake",
}
ISSUER = "government-of-veldania"
PRINCIPALS = ("jana-marek", "ilya-ostrova")


def propose(text: str, kind: str = "readout", regions: tuple[RegionProposal, ...] = ()) -> list[StatementProposal]:
    """Propose the statements of an invented text whose names are known."""
    mentions: list[MentionProposal] = []
    for name, entity in sorted(NAMES.items(), key=lambda item: -len(item[0])):
        at = text.find(name)
        while at >= 0:
            if not any(found.place[0] < at + len(name) and at < found.place[1] for found in mentions):
                mentions.append(MentionProposal(entity, (at, at + len(name)), Origin("alias")))
            at = text.find(name, at + 1)
    context = Context(
        kind=kind,
        language="zh-Hans",
        lexicon=LEXICON,
        issuer=None if kind == "press" else ISSUER,
        account=None if kind == "press" else "veldania-2031-05-01",
        accounts={ISSUER: "veldania-2031-05-01", "government-of-sarnia": "sarnia-2031-05-01"},
        event="call-2031-05-01",
        principals=PRINCIPALS,
        states=("veldania", "sarnia"),
        mentions=tuple(sorted(mentions, key=lambda found: found.place)),
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
            "马雷克指出，双方要修桥、铺路，减少关税。",
            ["双方要修桥、铺路", "双方要|减少关税"],
            id="comma splits, enumeration does not",
        ),
        pytest.param(
            "马雷克指出，大桥已经重开；渡口仍然关闭。", ["大桥已经重开", "渡口仍然关闭"], id="semicolon splits"
        ),
        pytest.param("马雷克指出，面对困难，双方应该加强对话。", ["面对困难，双方应该加强对话"], id="opening frame"),
        pytest.param("马雷克指出，去年，双方修复大桥。", ["去年，双方修复大桥"], id="frame of time"),
        pytest.param("马雷克指出，如果大桥关闭，韦方将采取措施。", ["如果大桥关闭，韦方将采取措施"], id="condition"),
        pytest.param("马雷克指出，这不是威胁，而是提醒。", ["这不是威胁，而是提醒"], id="not A but B"),
        pytest.param("马雷克指出，双方扩大贸易，从而降低价格。", ["双方扩大贸易，从而降低价格"], id="purpose stays"),
        pytest.param(
            "马雷克指出，韦方愿同萨方一道，修复大桥，扩大贸易。",
            ["韦方愿同萨方一道，修复大桥", "韦方愿同萨方一道|扩大贸易"],
            id="together",
        ),
        pytest.param(
            "马雷克指出，大桥属于大家，也是湖区的骄傲。", ["大桥属于大家", "大桥|也是湖区的骄傲"], id="shared subject"
        ),
        pytest.param(
            "马雷克指出，双方应该坚持两点原则：一是相互尊重。二是平等相待。",
            ["双方应该坚持两点原则|相互尊重", "双方应该坚持两点原则|二是平等相待"],
            id="list after a colon",
        ),
        pytest.param(
            "马雷克指出，“三桥愿景，四路计划”造福湖区。", ["“三桥愿景，四路计划”造福湖区"], id="comma inside marks"
        ),
        pytest.param(
            "马雷克指出，大桥的规则是：先修，后开。",
            ["大桥的规则是|先修", "大桥的规则是|后开"],
            id="colon after a copula",
        ),
    ],
)
def test_clauses_of_a_speech_become_statements(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("text", "act", "modality", "negative"),
    [
        ("马雷克表示，大桥已经重开。", "say", "asserted", False),
        ("马雷克强调，双方要修复大桥。", "stress", "normative", False),
        ("马雷克重申，韦方不会关闭大桥。", "stress", "planned", True),
        ("马雷克表示，韦方愿修复大桥。", "say", "proposed", False),
        ("马雷克指出，如果下雨，大桥将关闭。", "say", "conditional", False),
        ("马雷克指出，双方不能互相指责。", "say", "normative", True),
        ("马雷克指出，大桥没有受到破坏。", "say", "asserted", True),
        ("马雷克指出，不平等的规则损害湖区。", "say", "asserted", False),
        ("马雷克呼吁萨方开放大桥。", "urge", "requested", False),
        ("马雷克建议，修复大桥。", "propose", "proposed", False),
        ("马雷克承诺，修复大桥。", "promise", "planned", False),
    ],
)
def test_cue_and_content_set_the_labels(text: str, act: str, modality: str, negative: bool) -> None:
    labels = only(text).labels
    assert (labels["act"], labels["modality"], labels["polarity"]) == (
        act,
        modality,
        "negative" if negative else "positive",
    )


def test_what_may_be_is_possible_and_what_is_expected_probable() -> None:
    assert only("马雷克指出，大桥可能关闭。").labels["certainty"] == "possible"
    assert only("马雷克指出，大桥有望重开。").labels["certainty"] == "probable"


def test_the_title_with_a_verb_and_the_opening_report_the_event() -> None:
    text = (
        "马雷克同奥斯特罗娃通电话\n\n"
        "5月1日上午，总统马雷克应约同萨尼亚总理奥斯特罗娃通电话。双方就渔业问题坦诚深入交换了意见。"
    )
    found = propose(text)
    assert [words(text, each) for each in found] == [
        "马雷克同奥斯特罗娃通电话",
        "5月1日上午，总统马雷克应约同萨尼亚总理奥斯特罗娃通电话",
        "应约",
        "双方就渔业问题坦诚深入交换了意见",
        "坦诚深入",
    ]
    assert {(each.labels["act"], each.labels["medium"], each.labels["form"]) for each in found} == {
        ("report", "writing", "free_indirect")
    }
    assert all(chain(each) == [[ISSUER]] for each in found)


def test_agency_and_programme_tags_hold_no_statement() -> None:
    text = (
        "[视频]马雷克同奥斯特罗娃通电话\n\n"
        "央视网消息（新闻联播）：总统马雷克同奥斯特罗娃通电话。\n\n"
        "新华社萨恩5月1日电（记者李安）马雷克指出，大桥已经重开。"
    )
    assert contents(text) == ["马雷克同奥斯特罗娃通电话", "总统马雷克同奥斯特罗娃通电话", "大桥已经重开"]


def test_speech_goes_on_without_a_verb_to_the_end_of_the_paragraph() -> None:
    text = "马雷克指出，大桥关闭。农民受到损失。\n\n渡口开放。"
    first, second, third = propose(text)
    assert chain(first) == chain(second) == [[ISSUER], ["jana-marek"]]
    assert (first.labels["form"], second.labels["form"]) == ("indirect", "free_indirect")
    assert second.chain[-1][0].cue == first.chain[-1][0].cue
    assert chain(third) == [[ISSUER]]


def test_speech_ends_with_a_sentence_about_both_leaders() -> None:
    text = "马雷克指出，大桥关闭。双方同意继续沟通，扩大贸易。渡口开放。"
    first, second, third, last = propose(text)
    assert words(text, second) == "继续沟通"
    assert words(text, third) == "扩大贸易"
    assert chain(second) == chain(third) == [[ISSUER], [*PRINCIPALS]]
    assert (second.labels["act"], second.labels["modality"]) == ("agree", "planned")
    assert [source.cue for source in second.chain[-1]] == [((13, 15),), ()]
    assert chain(first) != chain(last) == [[ISSUER]]


def test_both_sides_within_a_speech_are_its_subject() -> None:
    text = "马雷克指出，大桥关闭。双方要扩大贸易。"
    assert chain(propose(text)[1]) == [[ISSUER], ["jana-marek"]]


def test_both_leaders_hold_a_view_and_task_their_teams() -> None:
    text = "两国元首认为，通话坦诚有益，责成双方团队尽快跟进，修复大桥。"
    first, *rest = propose(text)
    assert (words(text, first), first.labels["modality"]) == ("通话坦诚有益", "asserted")
    assert [words(text, each) for each in rest] == ["尽快跟进", "修复大桥"]
    assert {text[slice(*each.chain[-1][0].cue[0])] for each in rest} == {"责成"}


def test_a_wish_is_a_request_of_the_party_that_is_its_subject() -> None:
    text = "奥斯特罗娃表示，大桥关闭。希望韦方提供图纸。大桥属于大家。"
    _, wish, after = propose(text)
    assert words(text, wish) == "韦方提供图纸"
    assert (wish.labels["act"], wish.labels["modality"], wish.labels["form"]) == ("request", "requested", "indirect")
    assert (wish.labels["addressee_id"], [text[slice(*place)] for place in wish.addressee]) == (
        "government-of-veldania",
        ["韦方"],
    )
    assert text[slice(*wish.chain[-1][0].at[0])] == "奥斯特罗娃"
    assert text[slice(*after.chain[-1][0].cue[0])] == "表示"


def test_a_wish_asked_of_nobody_is_expressed() -> None:
    labels = propose("奥斯特罗娃表示，大桥关闭。希望湖区保持平静。")[1].labels
    assert (labels["act"], labels["modality"], labels["certainty"]) == ("express", "normative", "possible")


def test_the_first_person_repeats_for_its_own_sentence() -> None:
    text = "马雷克表示，大桥关闭。我愿重申，韦方不寻求冲突。渡口开放。"
    _, again, after = propose(text)
    assert (words(text, again), again.labels["act"], again.labels["polarity"]) == (
        "韦方不寻求冲突",
        "stress",
        "negative",
    )
    assert text[slice(*again.chain[-1][0].at[0])] == "我"
    assert after.labels["act"] == "say"


def test_what_a_leader_says_that_the_other_has_said_is_one_step_more() -> None:
    text = "马雷克表示，大桥关闭。总理先生刚才重申，萨方不会关闭渡口。"
    assert chain(propose(text)[1]) == [[ISSUER], ["jana-marek"], ["ilya-ostrova"]]


def test_a_report_and_a_statement_share_their_subject() -> None:
    text = "奥斯特罗娃介绍了渔业的情况，表示愿派专家参加修复。"
    report, offer = propose(text)
    assert (words(text, report), report.labels["act"], chain(report)) == (
        "奥斯特罗娃介绍了渔业的情况",
        "report",
        [[ISSUER]],
    )
    assert (words(text, offer), offer.labels["modality"], chain(offer)[-1]) == (
        "愿派专家参加修复",
        "proposed",
        ["ilya-ostrova"],
    )


def test_thanks_are_cue_and_content() -> None:
    text = "奥斯特罗娃感谢韦方的帮助。"
    found = only(text)
    assert words(text, found) == "感谢|韦方的帮助"
    assert text[slice(*found.chain[-1][0].cue[0])] == "感谢"
    assert (found.labels["act"], found.labels["modality"]) == ("express", "presupposed")


def test_thanks_for_something_have_it_before_the_verb() -> None:
    text = "马雷克对萨方提供帮助再次表示衷心感谢。"
    found = only(text)
    assert words(text, found) == "萨方提供帮助|表示衷心感谢"
    assert found.labels["act"] == "express"


def test_a_topic_before_the_subject_is_content_of_the_first_statement() -> None:
    assert contents("关于渔业问题，马雷克指出，鱼少了，价格高了。") == ["关于渔业问题|鱼少了", "价格高了"]


def test_a_list_goes_on_in_the_next_paragraph() -> None:
    text = "马雷克强调，双方要坚持两条原则。\n\n一是修复大桥。\n\n二是降低关税。\n\n渡口开放。"
    found = propose(text)
    assert contents(text)[1:3] == ["双方要坚持两条原则|一是修复大桥", "双方要坚持两条原则|二是降低关税"]
    assert [chain(each)[-1] for each in found] == [["jana-marek"]] * 3 + [[ISSUER]]
    assert {each.labels["modality"] for each in found[:3]} == {"normative"}


def test_the_government_that_issues_the_account_is_its_voice() -> None:
    text = "韦方表示，大桥已经重开。"
    found = only(text)
    (source,) = found.chain[0]
    assert (source.entity, source.account, source.at, found.labels["medium"]) == (
        ISSUER,
        "veldania-2031-05-01",
        ((0, 2),),
        "writing",
    )


def test_attendance_at_the_end_is_reported() -> None:
    text = "马雷克指出，大桥关闭。\n\n李安等参加会晤。"
    found = propose(text)[-1]
    assert (words(text, found), found.labels["act"], chain(found)) == ("李安等参加会晤", "report", [[ISSUER]])


def test_traditional_characters_are_found_where_they_stand() -> None:
    text = "馬雷克強調，雙方應該擴大貿易，減少關稅。"
    assert contents(text) == ["雙方應該擴大貿易", "雙方應該|減少關稅"]
    assert {each.labels["act"] for each in propose(text)} == {"stress"}


def test_sentences_end_outside_quotation_marks_and_before_digits() -> None:
    assert contents("马雷克指出，双方发表了“公报”。50年来大桥开放。") == ["双方发表了“公报”", "50年来大桥开放"]


@pytest.mark.parametrize(
    "text",
    ["", "\n\n \n", "关于马雷克同奥斯特罗娃的桥", "[视频]", "———", "马雷克：", "。。。"],
)
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert not propose(text, "press")
    assert all(each.content for each in propose(text))


def test_only_a_title_without_a_verb_is_not_a_report() -> None:
    assert all(each.labels["act"] != "report" for each in propose("大桥的故事"))


# Press articles


def test_press_gives_only_what_is_attributed() -> None:
    text = "大桥的一天\n\n大桥昨天关闭。馬雷克表示，大桥将重开，价格会降低。记者看到了渡口。"
    found = propose(text, "press")
    assert [words(text, each) for each in found] == ["大桥将重开", "价格会降低"]
    assert all(chain(each) == [["jana-marek"]] for each in found)


def test_press_quotations_are_direct_or_mixed() -> None:
    text = "大桥的一天\n\n馬雷克說：「大橋要修。」總統府稱，停火「為時過早」。"
    direct, mixed = propose(text, "press")
    assert (words(text, direct), direct.labels["form"], direct.quoted) == ("大橋要修", "direct", direct.content)
    assert (words(text, mixed), mixed.labels["form"]) == ("停火「為時過早」", "mixed")
    assert mixed.chain[0][0].account == "veldania-2031-05-01"


def test_press_knows_unnamed_sources_by_a_label() -> None:
    assert chain(only("有学者认为，大桥会关闭。", "press")) == [["a scholar"]]


def test_press_headline_with_a_colon_speaks() -> None:
    text = "马雷克：不关闭大桥　支持渡口\n\n大桥开放。"
    assert contents(text, "press") == ["不关闭大桥", "支持渡口"]


def test_press_tells_who_says_that_somebody_said() -> None:
    assert chain(only("大桥的一天。總統府稱，奥斯特罗娃认为，停火很難。", "press")) == [[ISSUER], ["ilya-ostrova"]]


def test_a_pronoun_is_the_person_named_before() -> None:
    found = propose("大桥的一天。李安表示，大桥很老。他说，渡口更老。", "press")
    assert [chain(each) for each in found] == [[["li-an"]], [["li-an"]]]


def test_what_is_not_said_is_not_attributed() -> None:
    assert not propose("大桥的一天。馬雷克并未表示，大桥会关闭。", "press")


def test_accounts_that_a_press_article_prints_in_full_have_their_issuer() -> None:
    text = "大桥的一天\n\n馬雷克表示，大桥很老。\n\n总统府声明全文如下：\n\n奥斯特罗娃指出，渡口关闭。"
    account = text[text.index("奥斯特罗娃指出") :]
    place = (text.index(account), len(text))
    region = RegionProposal("readout", place, Origin("region"), account="sarnia-2031-05-01")
    found = propose(text, "press", regions=(region,))
    assert [chain(each) for each in found] == [[["jana-marek"]], [["government-of-sarnia"], ["ilya-ostrova"]]]
    assert found[1].chain[0][0].account == "sarnia-2031-05-01"


def test_press_goes_on_without_a_verb_in_its_own_paragraph() -> None:
    text = "大桥的一天\n\n李安表示，大桥很老。渡口需要修复。另外，渡口关闭。\n\n渡口属于湖区。"
    found = propose(text, "press")
    assert [(words(text, each), chain(each)) for each in found] == [
        ("大桥很老", [["li-an"]]),
        ("渡口需要修复", [["li-an"]]),
    ]
    assert [each.labels["form"] for each in found] == ["indirect", "free_indirect"]


def test_press_names_the_office_of_a_spokesperson_as_the_step_before() -> None:
    found = propose("大桥的一天。總統府發言人李安表示，大桥很老。他说，渡口更老。", "press")
    assert [chain(each) for each in found] == [[[ISSUER], ["li-an"]]] * 2


def test_press_takes_the_name_that_a_clause_describes() -> None:
    assert chain(only("大桥的一天。正在萨恩参加会议的李安表示，大桥很老。", "press")) == [["li-an"]]


def test_press_comes_back_to_who_speaks_after_somebody_else_is_quoted() -> None:
    text = "大桥的一天。李安认为，大桥很老，奥斯特罗娃强调渡口更老，湖区也很老。"
    found = propose(text, "press")
    assert [chain(each) for each in found] == [[["li-an"]], [["li-an"], ["ilya-ostrova"]], [["li-an"]]]


def test_press_takes_what_a_sentence_is_about_into_its_first_statement() -> None:
    text = "大桥的一天。对于大桥的未来，李安认为，渡口很老，湖区更老。"
    assert contents(text, "press") == ["对于大桥的未来|渡口很老", "湖区更老"]


def test_titles_around_a_name_are_not_what_is_said() -> None:
    for text in ("国务卿李安表示，大桥很老。", "李安先生表示，大桥很老。", "萨尼亚外长李安表示，大桥很老。"):
        assert (contents(text), chain(only(text))) == (["大桥很老"], [[ISSUER], ["li-an"]])


def test_a_question_to_somebody_is_not_what_they_say() -> None:
    text = "大桥的一天。李安被问到，大桥是否关闭。"
    found = only(text, "press")
    assert chain(found) == [["a journalist"]]
    assert (found.labels["act"], found.labels["polarity"], found.labels["certainty"]) == (
        "request",
        "unclear",
        "unknown",
    )


def test_a_list_that_a_leader_opens_in_the_first_person_keeps_it() -> None:
    text = "马雷克表示，大桥很老。我认为有以下几点。\n\n一是修复大桥。渡口关闭。"
    *_, item, after = propose(text)
    assert {text[slice(*each.chain[-1][0].cue[0])] for each in (item, after)} == {"认为"}


def test_both_leaders_praise_together() -> None:
    text = "两国元首积极评价渔业合作。同意扩大贸易。"
    praise, agreement = propose(text)
    assert (words(text, praise), praise.labels["act"], chain(praise)) == (
        "积极评价|渔业合作",
        "express",
        [[ISSUER], [*PRINCIPALS]],
    )
    assert (words(text, agreement), chain(agreement)) == ("扩大贸易", [[ISSUER], [*PRINCIPALS]])


def test_a_paragraph_in_the_first_person_goes_on_with_the_leader() -> None:
    text = "马雷克指出，大桥很老。\n\n我们应该修复大桥。\n\n渡口关闭。"
    assert [chain(each)[-1] for each in propose(text)] == [["jana-marek"], ["jana-marek"], [ISSUER]]


def test_thanks_and_welcome_in_a_speech_are_expressed() -> None:
    labels = propose("马雷克表示，大桥很老。韦方欢迎萨方参加修复。")[1].labels
    assert (labels["act"], labels["modality"]) == ("express", "presupposed")


@given(st.text(alphabet="马雷克奥斯特罗娃双方指出表示同意，。；：、“”「」要将不是希望如果一二\n关桥 ", max_size=60))
def test_every_place_lies_in_the_text_and_holds_words(text: str) -> None:
    for kind in ("readout", "press"):
        for found in propose(text, kind):
            places = [
                *found.content,
                *found.quoted,
                *(place for step in found.chain for source in step for place in (*source.at, *source.cue)),
            ]
            assert all(0 <= start < end <= len(text) for start, end in places)
            assert list(found.content) == sorted(found.content)
            assert "\n" not in "".join(text[start:end] for start, end in found.content)
    assert propose(text) == propose(text)
