"""What the rules of `propose` find in an article's text, for the queue: nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.annotations.drafts import article_file
from readouts.annotations.tree import read_file
from readouts.proposals.facts import facts_of, index_rows, read_tree
from readouts.proposals.rules import proposal_for
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.proposals.proposal import Proposal

__all__ = ["proposer"]


def proposer(annotations: Path, texts: Path) -> Callable[[str], Proposal]:
    """Return what gives the proposals of an article, which are found once for each state of the files."""
    kept: dict[str, tuple[object, Proposal]] = {}

    def propose(article: str) -> Proposal:
        file = article_file(article, annotations)
        reading = read_file(file)
        raw = next((record.cells.get("sha256_raw") for record in reading.of("articles")), None)
        text = text_folder(texts).find(article, raw, []).skeleton.text
        tree = read_tree(annotations.resolve())
        row = index_rows(texts).get(article) or {}
        facts = facts_of(article, reading, tree, row.get("event"))
        state = (text, facts, len(tree.registry.entities))
        if article not in kept or kept[article][0] != state:
            kept[article] = (state, proposal_for(facts, text, tree.registry))
        return kept[article][1]

    return propose
