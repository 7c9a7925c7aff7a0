"""The invented corpora that every chart must be able to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from tests.publish.charts.invented_corpora import Invented

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["WORLDS"]

TOPICS = [category.value for category in tables()["statements"].field("topic").categories]
LONG = "The Right Honourable Archchancellor Maximiliana-Theodora von und zu Hohenfelsenburg-Niederwasserstein"


def everyday() -> Invented:
    """Two accounts in two articles."""
    world = Invented()
    for side in "ab":
        world.account(side)
    for name, outlet, how in (("news", "The Daily Lantern", "verbatim"), ("post", "Morning Post", "reported")):
        world.article(name, outlet)
        world.rows["carriages"] += [("account-a", name, "verbatim"), ("account-b", name, how)]
    for number, topic in enumerate(TOPICS[:5]):
        first = world.statement("a", topic, "news", number + 1)
        second = world.statement("b", topic, "post", 5 - number)
        world.align(first[0], second[0], ("same_claim", "contradicts", "in_tension")[number % 3])
    world.statement("both", "talks")
    world.statement("third", "media", number=2)
    world.relate("first", "CONSULT", "second")
    world.relate("second", "ACCUSE", "first")
    return world


def long_names() -> Invented:
    """Names, titles and outlets that fit nowhere, and one without a space."""
    world = everyday()
    called = {"Jana Marek": LONG, "Ilya Sokol": LONG.replace(" ", ""), "Morning Post": f"{LONG} Gazette and Advertiser"}
    world.rows["entities"] = [
        (name, kind, called.get(text, text), country) for name, kind, text, country in world.rows["entities"]
    ]
    world.rows["events"][0] = ("call", f"Call between {LONG} and others on a great many matters", "2031-05-02")
    return world


def strange_letters() -> Invented:
    """Cyrillic, Greek, and what would be markup, mathematics or a control character."""
    world = everyday()
    called = {
        "Jana Marek": "Владимир Владимирович Щербаков-Ёлкин",
        "Ilya Sokol": "Ἀλέξανδρος <b>&amp;</b> $x^2$ \\frac",
        "Morning Post": 'The "Post" ]]> --> & Sons\x1b[31m',
    }
    world.rows["entities"] = [
        (name, kind, called.get(text, text), country) for name, kind, text, country in world.rows["entities"]
    ]
    return world


def one_account() -> Invented:
    """Only side a has an account, and nobody speaks for side b."""
    world = Invented()
    world.account("a")
    world.article("news", "The Daily Lantern")
    world.rows["carriages"].append(("account-a", "news", "excerpt"))
    world.statement("a", "talks", number=3)
    world.relate("first", "REQUEST", "second")
    return world


def crowded() -> Invented:
    """All topics, hundreds of statements, scores of outlets and of entities."""
    world = Invented()
    for side in "ab":
        world.account(side)
    for number in range(45):
        world.article(f"news-{number:02}", f"Outlet number {number}")
        side = "ab"[number % 2]
        how = "verbatim" if number < 2 else "reported"
        world.rows["carriages"].append((f"account-{side}", f"news-{number:02}", how))
        world.statement(side, TOPICS[number % 13], f"news-{number:02}", 1 + 400 // (number + 1))
        world.statement("third", TOPICS[number % 7], f"news-{number:02}", number % 4)
    for number in range(90):
        world.entity(f"e{number:02}", f"Ministry of matter {number}", "office")
    for number in range(8):
        world.entity(f"s{number}", f"Republic {number}", "state")
    for number in range(90):
        world.relate(f"e{number:02}", "represents", f"s{number % 8}", event="")
        world.relate(f"e{number:02}", "SANCTION", f"e{(number * 37 + 11) % 90:02}")
        world.relate(f"e{number:02}", "AID", f"e{(number * 53 + 7) % 90:02}")
    return world


def many_talks() -> Invented:
    """Talks of eight issuers with one another, some of them with a great many claims."""
    world = everyday()
    for number in range(8):
        world.entity(f"issuer-{number}", f"Office of the President of Republic {number}", "office")
    for number in range(1, 8):
        event = f"talks-{number}"
        world.rows["events"].append((event, f"Talks number {number}", f"20{30 + number}-01-01"))
        world.article(event, f"Outlet {number}")
        for side, issuer in (("a", f"issuer-{number}"), ("b", "issuer-0")):
            world.rows["accounts"].append((f"{event}-{side}", event, issuer, side))
            world.rows["carriages"].append((f"{event}-{side}", event, "verbatim"))
            world.rows["participants"].append((event, issuer, "principal", side))
            for place in range(number * number * 7):
                name = f"{event}.{side}{place:04}"
                topic = TOPICS[place % (number + 2)]
                world.rows["statements"].append(
                    (name, event, event, "", "say", topic, "asserted", "certain", "It says.")
                )
                world.rows["attributions"].append((name, "0", "0", "", "", f"{event}-{side}"))
        world.align(f"{event}.a0000", f"{event}.b0000", "same_claim")
    return world


WORLDS: dict[str, Callable[[], Invented]] = {
    world.__name__: world for world in (everyday, long_names, strange_letters, one_account, crowded, many_talks)
}
