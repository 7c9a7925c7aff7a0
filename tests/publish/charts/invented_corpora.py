"""Corpora made up for charts: as many topics, outlets, entities and statements as a test wants, and strange names."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.loaders import Corpus, open_corpus
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Invented"]

COLUMNS = {
    "accounts": "account_id event_id issuer_id side",
    "alignments": "alignment_id statement_a statement_b relation rationale",
    "articles": "article_id outlet_id title",
    "attributions": "statement_id depth seq entity_id label account_id",
    "carriages": "account_id article_id completeness",
    "entities": "entity_id kind name country",
    "events": "event_id title date",
    "participants": "event_id entity_id role side",
    "relations": "relation_id subject_id predicate object_id status event_id",
    "statements": "statement_id article_id event_id speaker_id act topic modality certainty summary",
}


@dataclass
class Invented:
    """Rows of every table; an event `call` between entities `first` (side a) and `second` (side b) is there at once."""

    title: str = "Call between Marek and Sokol, 2 May 2031"
    first: str = "Jana Marek"
    second: str = "Ilya Sokol"
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def __post_init__(self) -> None:
        self.rows["events"] += [("call", self.title, "2031-05-02"), ("silence", "Nobody spoke of it", "2031-05-03")]
        self.entity("first", self.first, "person")
        self.entity("second", self.second, "person")
        for entity, side in (("first", "a"), ("second", "b")):
            self.rows["participants"].append(("call", entity, "principal", side))

    def entity(self, name: str, called: str, kind: str = "state", country: str = "") -> None:
        self.rows["entities"].append((name, kind, called, country))

    def account(self, side: str) -> None:
        self.rows["accounts"].append((f"account-{side}", "call", "first" if side == "a" else "second", side))

    def article(self, name: str, outlet: str) -> None:
        self.entity(f"outlet-{name}", outlet, "outlet")
        self.rows["articles"].append((name, f"outlet-{name}", f"Title of {name}"))

    def statement(self, side: str, topic: str, article: str = "news", number: int = 1) -> list[str]:
        """Say something for a side (`a`, `b`, `both`, or `third`), so many times; return the statements' ids."""
        made = []
        for _ in range(number):
            name = f"{article}.s{len(self.rows['statements']) + 1:04}"
            self.rows["statements"].append(
                (name, article, "call", "", "say", topic, "asserted", "certain", f"It says {name}.")
            )
            for seq, one in enumerate({"both": "ab", "third": ""}.get(side, side)):
                self.rows["attributions"].append((name, "0", str(seq), "", "", f"account-{one}"))
            made.append(name)
        return made

    def align(self, first: str, second: str, relation: str) -> None:
        first, second = sorted((first, second))
        self.rows["alignments"].append((f"a{len(self.rows['alignments'])}", first, second, relation, "why"))

    def relate(self, subject: str, predicate: str, target: str, event: str = "call", status: str = "actual") -> None:
        self.rows["relations"].append((f"r{len(self.rows['relations']):04}", subject, predicate, target, status, event))

    def corpus(self, folder: Path) -> Corpus:
        """Write the package and open it."""
        files: dict[str, bytes | str] = {}
        for name, columns in COLUMNS.items():
            stream = io.StringIO()
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows([columns.split(), *self.rows[name]])
            files[f"{name}.csv"] = stream.getvalue()
        resources = [{"name": name, "path": f"{name}.csv"} for name in COLUMNS]
        return open_corpus(write_package_of(folder / "package", files, resources, version="3.1.0"))
