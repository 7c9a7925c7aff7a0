"""A session with everything around it: the checks, the queue of proposals, and a second annotation to compare with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.annotations.drafts import article_file, draft_file, write_draft
from readouts.datapackage.errors import ReadoutsError
from readouts.desk.checking import Checker
from readouts.desk.comparing import candidates, differences
from readouts.desk.queue import left_over
from readouts.desk.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.proposals.proposal import Proposal

__all__ = ["Desk"]


_NAMED = {"events": "event_id", "entities": "entity_id", "accounts": "account_id"}
_NAMING = frozenset({"event", "entity", "subject", "object", "account"})


class Desk:
    """What the page works with.

    Parameters
    ----------
    annotations, texts
        The folders of annotations and of texts.
    person
        Who works.
    other
        Folder of another annotation of the same texts, to compare with.
    proposer
        Gives what is proposed for an article; None proposes nothing.
    """

    def __init__(
        self,
        annotations: Path,
        texts: Path,
        person: str,
        *,
        other: Path | None = None,
        proposer: Callable[[str], Proposal] | None = None,
    ) -> None:
        self.session = Session(annotations, texts, person)
        self.checker = Checker(self.session.annotations, texts)
        self._other = None if other is None else Session(other, texts, person)
        self._proposer = proposer

    def close(self) -> None:
        """End the work: what is temporary goes."""
        self.checker.close()

    def corpus(self) -> dict[str, Any]:
        """Return what every page needs, and whether there are proposals and a second annotation."""
        return {
            **self.session.corpus(),
            "proposals": self._proposer is not None,
            "against": None if self._other is None else self._other.annotations.parent.name,
        }

    def queue(self, article: str) -> list[dict[str, Any]]:
        """List the proposals of an article that are left to decide."""
        if self._proposer is None:
            return []
        return left_over(self._proposer(article), self.session.article(article), self._rejected(article))

    def reject(self, article: str, proposal: str, *, on: bool) -> dict[str, Any]:
        """Reject a proposal, or take that back; it is kept next to the draft."""
        rejected = [each for each in self._rejected(article) if each != proposal]
        rejected += [str(proposal)] if on else []
        write_draft(self._rejections(article), f"{json.dumps(rejected)}\n".encode())
        return {"queue": self.queue(article)}

    def _rejections(self, article: str) -> Path:
        return draft_file(article_file(article, self.session.annotations)).path.with_suffix(".rejected.json")

    def _rejected(self, article: str) -> list[str]:
        try:
            found = json.loads(self._rejections(article).read_bytes())
        except (OSError, ValueError):
            return []
        return [str(each) for each in found] if isinstance(found, list) else []

    def against(self, article: str) -> dict[str, Any]:
        """List how the other annotation of an article differs.

        Raises
        ------
        ReadoutsError
            The desk was started without another annotation.
        """
        if self._other is None:
            message = "Start the desk with --against DIR to compare with another annotation."
            raise ReadoutsError(message)
        mine, other = self.session.article(article), self._other.article(article)
        if other["text"] != mine["text"]:
            message = "The two annotations are of different texts."
            raise ReadoutsError(message)
        kept = self._rejected(article)
        found = [{**each, "kept": each["id"] in kept} for each in differences(mine, other)]
        aligned = self.session.annotated.rows("alignments")
        known = {row[key] for table, key in _NAMED.items() for row in self.session.annotated.rows(table)}
        for each in found:
            each["unknown"] = sorted(_names(each["act"]) - known)
            if each["kind"] == "only-mine":
                name = f"{article}.{each['mine']['name']}"
                each["aligned"] = [
                    row["alignment_id"] for row in aligned if name in {row["statement_a"], row["statement_b"]}
                ]
        return {"version": mine["version"], "differences": found}

    def kept(self, article: str) -> dict[str, Any]:
        """List what the last draft that was put aside says otherwise than the article.

        Raises
        ------
        ReadoutsError
            None was put aside, or it can't be read.
        """
        mine, other = self.session.article(article), self.session.kept(article)
        decided = self._rejected(article)
        found = [{**each, "id": f"{other['name']}:{each['id']}"} for each in differences(mine, other, summaries=True)]
        return {
            "version": mine["version"],
            "differences": [{**each, "kept": each["id"] in decided} for each in found],
        }

    def candidates(self, event: str, statement: str) -> list[dict[str, Any]]:
        """Rank the statements that may be aligned with one, those of the other side first."""
        known = self.session.event(event)["statements"]
        one = next((each for each in known if each["id"] == statement), None)
        if one is None:
            message = f"No statement '{statement}' about {event} is there."
            raise ReadoutsError(message)
        others = [each for each in known if each["id"] != statement and each["side"] != one["side"]]
        return candidates(one, others)


def _names(said: Any) -> set[str]:
    """Return the events, entities and accounts that an act names.

    >>> _names({"do": "set", "name": "s01", "values": {"event": "call"}})
    {'call'}
    """
    if isinstance(said, dict):
        own = {value for key, value in said.items() if key in _NAMING and isinstance(value, str)}
        return own.union(*map(_names, said.values()))
    return set().union(*map(_names, said)) if isinstance(said, list | tuple) else set()
