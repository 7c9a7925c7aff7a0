"""The pages of issuers: their accounts in time, what these say and leave out, and how articles carry and quote them."""

from __future__ import annotations

from collections import Counter
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from readouts.analysis.counted_claims import OTHER
from readouts.analysis.sides import outermost_accounts
from readouts.datapackage.words import counted, printable
from readouts.publish.site import address
from readouts.publish.site.claim_lists import CONTESTED, ClaimList
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.patterns import TRAIL, left_out, sections
from readouts.publish.site.statement_view import WORDING
from readouts.publish.words import language_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.analysis.counted_claims import Answer
    from readouts.datapackage.package.package import Row
    from readouts.publish.site.across import Pair
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.patterns import Made, Matrix

__all__ = ["Issuers", "pages"]

TITLE = "Issuers"
_ALTERED = ("quotes_altered", "translation_variant")
_MOST_ALTERED = 60
"""Quotations that the page of an issuer lists; the table of alignments has all."""
COMPLETENESS = {"verbatim": "in full", "excerpt": "in parts", "reported": "in other words"}


class Issuers:
    """The issuers of accounts, with the lists of their claims."""

    def __init__(self, site: SiteContext) -> None:
        self._site = site
        across = site.across
        self.answers: dict[str, list[Answer]] = {}
        for answer in across.claims.answers(by_issuer=True):
            self.answers.setdefault(answer.issuer or "", []).append(answer)
        self.by_event: dict[tuple[str, str], list[Answer]] = {}
        for name, answers in self.answers.items():
            for answer in answers:
                self.by_event.setdefault((name, answer.event.event_id), []).append(answer)
        self.claims: dict[str, list[Made]] = {}
        self.made: Counter[str] = Counter()
        """How many claims each account makes."""
        issuers = site.data.parties.issuers
        for event in across.claims.events:
            for claim in event.claims:
                self.made.update(claim.accounts)
                # An issuer may have accounts of both sides; each claim counts once.
                makers = {issuers[account]: side for side in OTHER for account in claim.accounts & event.accounts[side]}
                for name, side in makers.items():
                    self.claims.setdefault(name, []).append((event, claim, side))
        self.lists = {name: self._lists(name) for name in across.issuers}

    def _lists(self, name: str) -> dict[str, ClaimList]:
        title, lines = printable(self._site.data.name(name)), self._site.lines
        claims, answers = self.claims.get(name, []), self.answers.get(name, [])
        made = {
            "claims": ClaimList(
                ("issuers", (name, "claims")),
                f"Claims of {title}",
                f"Claims that an account of {title} makes, by topic.",
                sections(claims, lines),
            ),
            "left_out": ClaimList(
                ("issuers", (name, "left-out")),
                f"Left out by {title}",
                f"Claims that the other side’s account makes and those of {title} neither make nor answer, by topic.",
                left_out(answers, lines),
                parts=True,
            ),
        }
        for group, words in (("contradicted", "Contradicted"), ("in_tension", "In tension")):
            made[group] = ClaimList(
                ("issuers", (name, group.replace("_", "-"))),
                f"{words}: claims of {title}",
                f"Claims that an account of {title} makes and one of the other side {_CONTEST[group]}, by topic.",
                sections([each for each in claims if each[1].group == group], lines),
            )
        return made

    def row(self, name: str) -> dict[str, Any]:
        """Return an issuer as lists show it."""
        accounts = self._site.across.issuers[name]
        return {
            "name": name,
            "title": self._site.data.name(name),
            "accounts": len(accounts),
            "events": len({row["event_id"] for row in accounts}),
            "cells": [self.lists[name][key].total for key in _COLUMNS],
        }

    def matrix(self, name: str) -> Matrix:
        """Return what the accounts of an issuer say and leave out, by topic."""
        return self._site.patterns.matrix(
            [self.lists[name][key] for key in _COLUMNS],
            (("claims of the other side", "", 1), ("its own claims", "", 3)),
            tuple(_COLUMNS.values()),
        )

    @cached_property
    def altered(self) -> Mapping[str, Sequence[Row]]:
        """The alignments by which words of each issuer's accounts were altered, or translated in several ways."""
        data, issuers = self._site.data, self._site.data.parties.issuers
        found: dict[str, list[Row]] = {}
        for row in data.rows("alignments"):
            ends = [row["statement_a"] or "", row["statement_b"] or ""]
            if row["relation"] in _ALTERED and all(end in data.statements for end in ends):
                steps = [step for end in ends for step in data.of("attributions", "statement_id", end)]
                for name in sorted({issuers.get(account, "") for account in outermost_accounts(steps)}):
                    found.setdefault(name, []).append(row)
        return found


_CONTEST = {"contradicted": "contradicts", "in_tension": "is in tension with"}
_COLUMNS = {"left_out": "left out", "claims": "all", **{group: group.replace("_", " ") for group in CONTESTED}}


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of every issuer with the lists of its claims, and the list of issuers."""
    issuers = site.issuers
    rows = [issuers.row(name) for name in site.across.issuers]
    for name in site.across.issuers:
        yield from _issuer(site, name)
    found = paginate(rows, lambda row: 900 + 3 * encoded_length(row["title"]))
    place = partial(address.listing, "issuers")
    for leaf in found:
        yield Page(
            place(leaf.number),
            "issuers.html",
            {
                "title": TITLE,
                "description": f"{counted(len(rows), 'issuer')} of accounts: what each says, and what it leaves out.",
                "section": "patterns",
                "trail": TRAIL,
                "leaf": leaf,
                "place_of_page": place,
            },
        )


def _issuer(site: SiteContext, name: str) -> Iterator[Page]:
    data, issuers = site.data, site.issuers
    accounts = [_account(site, name, row) for row in site.across.issuers[name]]
    title = data.name(name)
    trail = [*TRAIL, (TITLE, address.listing("issuers"))]
    place = partial(address.place, "issuers", name)
    found = paginate(accounts, lambda each: 1200 + 2 * encoded_length(*map(str, each.values())))
    number = counted(len(accounts), "account")
    shared = {
        "description": f"{number} by {title}: what they say and leave out, and who carries them.",
        "section": "patterns",
        "trail": trail,
        "name": name,
        "row": data.entities.get(name, {}),
        "place_of_page": place,
    }
    altered = issuers.altered.get(name, ())
    for leaf in found:
        first = {
            "matrix": issuers.matrix(name),
            "totals": issuers.row(name),
            "others": _others(site, name),
            "contested": [
                (words, issuers.lists[name][group].total, issuers.lists[name][group].first(_MOST_CONTESTED))
                for group, words in (("contradicted", "Contradicted"), ("in_tension", "In tension"))
            ],
            "altered": [_altered(site, row) for row in altered[:_MOST_ALTERED]],
            "more_altered": max(len(altered) - _MOST_ALTERED, 0),
            "carried": _carried(site, name),
        }
        numbered = title if leaf.number == 1 else f"{title} (page {leaf.number} of {leaf.count})"
        values = {**shared, "title": numbered, "leaf": leaf, **(first if leaf.number == 1 else {})}
        yield Page(place(leaf.number), "issuer.html", values)
    for each in issuers.lists[name].values():
        yield from each.pages([*trail, (title, place())])


_MOST_CONTESTED = 6
"""Contested claims of a group that the page of an issuer shows; the lists have all."""


def _account(site: SiteContext, issuer: str, row: Row) -> dict[str, Any]:
    """Return an account: of which event, how it is carried, what it claims and leaves out."""
    data = site.data
    event, account = row["event_id"] or "", row["account_id"] or ""
    answers = site.issuers.by_event.get((issuer, event), ())
    return {
        "event": site.across.titled(event) if event in data.events else None,
        "fragment": address.fragment(account),
        "kind": row["kind"] or "account",
        "issued": date_text(row["issued_on"]),
        "language": language_name(row["original_language"] or "") if row["original_language"] else "",
        "carriages": [_carriage(site, issuer, each) for each in data.of("carriages", "account_id", account)],
        "claims": site.issuers.made[account] if row["side"] in OTHER else None,
        "left_out": sum(each.fate == "left_out" for each in answers),
        "others": len(answers),
    }


def _carriage(site: SiteContext, issuer: str, row: Row) -> tuple[str, str, str, bool]:
    article = row["article_id"] or ""
    outlet = site.data.articles.get(article, {}).get("outlet_id") or issuer
    words = COMPLETENESS.get(row["completeness"] or "", row["completeness"] or "carried")
    return article, site.data.name(outlet), words, row["is_translation"] == "true"


def _others(site: SiteContext, issuer: str) -> list[dict[str, Any]]:
    """Return whom the accounts of an issuer are compared with: the other side, its issuers, and the events."""
    data = site.data
    found: dict[tuple[Pair, str], dict[str, Any]] = {}
    for row in site.across.issuers[issuer]:
        event, side = row["event_id"] or "", row["side"] or ""
        pair = site.across.pair(event) if site.across.compared(event) and event in data.events else None
        if pair is None or side not in OTHER:
            continue
        name = data.parties.side_name(event, OTHER[side]) or f"side {OTHER[side]}"
        entry = found.setdefault((pair, name), {"pair": pair, "name": name, "events": {}, "issuers": {}})
        entry["events"][event] = None
        for each in data.of("accounts", "event_id", event):
            if each["side"] == OTHER[side] and each["issuer_id"]:
                entry["issuers"][each["issuer_id"]] = data.name(each["issuer_id"])
    return sorted(found.values(), key=lambda entry: (-len(entry["events"]), entry["name"]))


def _altered(site: SiteContext, row: Row) -> dict[str, Any]:
    data = site.data
    ends = []
    for column in ("statement_a", "statement_b"):
        voice = data.voices[row[column] or ""]
        ends.append((voice.statement_id, voice.summary or voice.statement_id, voice.outlet))
    return {"relation": row["relation"], "words": WORDING[row["relation"] or ""], "ends": ends, "why": row["rationale"]}


def _carried(site: SiteContext, issuer: str) -> list[dict[str, Any]]:
    """Return how often which outlets carry the accounts of an issuer, and how much of them."""
    data = site.data
    found: dict[str, dict[str, Any]] = {}
    for account in site.across.issuers[issuer]:
        for row in data.of("carriages", "account_id", account["account_id"] or ""):
            # Articles without an outlet are the issuer's own.
            outlet = data.articles.get(row["article_id"] or "", {}).get("outlet_id") or issuer
            entry = found.setdefault(
                outlet,
                {"name": data.name(outlet), "id": outlet, "linked": outlet in data.entities, "counts": Counter()},
            )
            entry["counts"][row["completeness"] or ""] += 1
            entry["counts"]["translated"] += row["is_translation"] == "true"
    return sorted(found.values(), key=lambda entry: (-sum(entry["counts"].values()), entry["name"]))
