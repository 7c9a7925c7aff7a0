"""`readouts propose`: the draft of an article, as far as rules find what its text says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.analysis.agreement import matching
from readouts.annotations.drafts import article_file, draft_file, first_line, write_draft
from readouts.annotations.forms import ARTICLE
from readouts.annotations.nodes import Scalar, decode, parse
from readouts.annotations.tree import read_file
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.words import counted
from readouts.proposals.alignment import alignments_text, candidates, said_in
from readouts.proposals.draft_text import (
    draft_text,
    proposal_of,
    reading_proposal,
    relation_names,
    statement_names,
)
from readouts.proposals.english_syntax import inflected
from readouts.proposals.facts import (
    Facts,
    facts_of,
    index_rows,
    read_tree,
)
from readouts.proposals.lexicon import load_lexicon
from readouts.proposals.rules import proposal_for
from readouts.proposals.tree_changes import MAKER, new_article_of, new_event_of, without_alignments
from readouts.text.problem import TextProblem
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from readouts.annotations.records import Reading
    from readouts.annotations.tree import TreeFile
    from readouts.proposals.alignment import Candidate
    from readouts.proposals.facts import Tree
    from readouts.proposals.proposal import Proposal
    from readouts.proposals.registry import Registry
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = [
    "MAKER",
    "Proposed",
    "contents_of",
    "draft_head",
    "propose",
    "proposed_document",
    "with_old_names",
]


_REPLACED = frozenset(["regions", "defaults", "chains", "statements", "mentions", "relations"])
_OBJECTS = {
    "warn": "of something about",
    "agree": "to something about",
    "accuse": "somebody over",
}
_LONGEST = 200
_LIKELY = 0.1
"""Least score of a candidate that is worth a look."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What proposing an article gives.

    Attributes
    ----------
    path
        Where the draft lies.
    proposal
        What is proposed.
    text
        The draft.
    notes
        What was written besides, what is missing, and what to look at.
    alignments
        Candidates for alignments with the other side's account of the event, where an article with it is annotated.
    """

    path: Path
    proposal: Proposal
    text: str
    notes: tuple[str, ...] = ()
    alignments: tuple[Candidate, ...] = ()


def propose(
    article: str,
    annotations: str | os.PathLike[str] = "annotations",
    texts: str | os.PathLike[str] = "texts",
    *,
    replace: bool = False,
) -> Proposed:
    """Write a draft of an article with everything that rules find in its text.

    `anchor` reads the draft, as it reads one of `draft`. If the file of the article or of its event doesn't
    exist, it is made from the list of texts, `index.csv` in their folder, where that says enough.

    Parameters
    ----------
    article
        Id of the article, or path of its file.
    annotations
        Folder of annotations; `drafts` lies next to it.
    texts
        Folder of the articles' texts.
    replace
        Whether the statements, mentions and relations that the article has give way to those proposed. Alignments of
        these statements are removed from the files of their events.

    Returns
    -------
    Proposed
        Where the draft lies, and what to look at.

    Raises
    ------
    ReadoutsError
        The article is annotated already, something about it isn't known, there is a draft already, its text isn't
        there, or no lexicon of its language is.
    """
    folder = Path(annotations)
    sources = text_folder(Path(texts))
    with locked(folder.resolve().parent):
        notes: list[str] = []
        name = Path(article).stem if article.endswith(".yaml") else article
        rows = index_rows(Path(texts))
        tree = read_tree(folder.resolve())
        if name not in tree.articles and name in rows:
            # Before anything is written.
            _text(sources, name, None)
            load_lexicon(rows[name].get("language") or "")
        event = new_event_of(name, tree, rows, notes)
        if event is not None:
            tree = read_tree(folder.resolve())
        if name not in tree.articles:
            new_article_of(name, tree, rows, notes)
            tree = read_tree(folder.resolve())
        file = article_file(name, folder)
        reading = read_file(file)
        annotated = bool(reading.of("statements"))
        _require_free(name, file, reading, replace=replace)
        path = draft_file(file).path
        facts = facts_of(name, reading, tree, (rows.get(name) or {}).get("event"))
        raw = next(record.cells.get("sha256_raw") for record in reading.of("articles"))
        text = _text(sources, name, raw)
        proposal = proposal_for(facts, text.text, tree.registry)
        if annotated:
            proposal = with_old_names(proposal, contents_of(reading.spans, name))
            proposal = relation_names(proposal, reading_proposal(reading, MAKER).relations)
        proposal = _with_summaries(proposal, tree.registry)
        head = draft_head(file, facts)
        draft = first_line(file) + "\n" + draft_text(proposal, head.replace("\r\n", "\n"), text)
        if "\r\n" in head:
            draft = draft.replace("\n", "\r\n")
        if annotated:
            # All of them are read before one is written.
            for event_file, data, note in [*without_alignments(name, tree)]:
                replace_file(event_file, data)
                notes.append(note)
        notes += _to_look_at(proposal, facts)
        write_draft(path, draft.encode())
        found = _candidates(facts, text.text, proposal, tree, sources)
        if found and facts.event is not None:
            beside = path.with_name(f"{name}.alignments.yaml")
            write_draft(beside, alignments_text(facts.event.id, found).encode())
            notes.append(f"drafts/{beside.name} has {counted(len(found), 'candidate')} for alignments.")
    return Proposed(path, proposal, draft, tuple(notes), tuple(found))


def _require_free(article: str, file: TreeFile, reading: Reading, *, replace: bool) -> None:
    """Raise an error where a draft would do harm: an article with a mistake, with statements, or with a draft."""
    wrong = [each for each in reading.incidents if each.code not in {"not-anchored", "missing-key"}]
    if wrong:
        message = f"{wrong[0].place()}: {wrong[0].message} Correct the article before proposing statements."
        raise ReadoutsError(message)
    annotated = reading.of("statements")
    if annotated and not replace:
        message = (
            f"{file.name} has {counted(len(annotated), 'statement')} already. Run `readouts propose {article} "
            f"--replace` to put the proposed ones in their place, or `readouts draft {article}` to correct them."
        )
        raise ReadoutsError(message)
    path = draft_file(file).path
    if path.exists():
        message = f"drafts/{path.name} already exists. Take it over with `readouts anchor {article}`, or delete it."
        raise ReadoutsError(message)


def _candidates(facts: Facts, text: str, proposal: Proposal, tree: Tree, sources: TextFolder) -> list[Candidate]:
    """Return candidates for alignments with the other side's account, from the first annotated article that has it."""
    event, account = facts.event, facts.account
    side = None if event is None or account is None else event.sides.get(account)
    if event is None or side not in {"a", "b"}:
        return []
    others = {each for each, of in event.sides.items() if of in {"a", "b"} and of != side}
    own = said_in(facts.article, text, facts.language, proposal)
    for file in tree.articles.values():
        if file.id == facts.article or not any(each in decode(file.path, file.name) for each in others):
            continue
        reading = read_file(file)
        known = facts_of(file.id, reading, tree)
        if known.account not in others or reading.incidents or not reading.of("statements"):
            continue
        raw = next(record.cells.get("sha256_raw") for record in reading.of("articles"))
        try:
            words = sources.find(file.id, raw, []).skeleton.text
        except TextProblem:
            continue
        other = said_in(file.id, words, known.language, proposal_of(file))
        found = candidates(own, other) if side == "a" else candidates(other, own)
        return [each for each in found if each.score >= _LIKELY]
    return []


def _text(sources: TextFolder, article: str, raw_sha256: str | None) -> Skeleton:
    try:
        return sources.find(article, raw_sha256, []).skeleton
    except TextProblem as problem:
        raise ReadoutsError(str(problem)) from problem


def proposed_document(proposed: Proposed) -> dict[str, Any]:
    """Return what was proposed as JSON has it, with counts by rule."""
    found = proposed.proposal
    parts = {name: getattr(found, name) for name in ("regions", "statements", "mentions", "relations")}
    rules = Counter(each.origin.rule for part in parts.values() for each in part)
    return {
        "path": str(proposed.path),
        **{name: len(part) for name, part in parts.items()},
        "alignments": [{"a": each.a, "b": each.b, "score": each.score} for each in proposed.alignments],
        "rules": dict(sorted(rules.items())),
        "notes": list(proposed.notes),
    }


def contents_of(spans: Iterable[Any], article: str) -> dict[str, tuple[str, tuple[tuple[int, int], ...]]]:
    """Return the contents of an article's statements by local name."""
    found: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        if span.role == "content":
            local = str(span.owner["statement_id"]).removeprefix(f"{article}.")
            found.setdefault(local, []).append((span.start or 0, span.end or 0))
    return {name: (article, tuple(sorted(places))) for name, places in found.items()}


def with_old_names(proposal: Proposal, old: dict[str, tuple[str, tuple[tuple[int, int], ...]]]) -> Proposal:
    """Give a statement the name of the one that it comes after; names of others are used for nothing else."""
    article = next(iter(old.values()))[0]
    new = {str(number): (article, statement.content) for number, statement in enumerate(proposal.statements)}
    same = matching(new, old)
    bare = [replace(each, name=same.get(str(number))) for number, each in enumerate(proposal.statements)]
    names = statement_names(bare, taken=old)
    renamed = {each.name: name for each, name in zip(proposal.statements, names, strict=True)}
    statements = tuple(
        replace(each, name=name, parent=renamed.get(each.parent)) for each, name in zip(bare, names, strict=True)
    )
    relations = tuple(replace(each, statement=renamed.get(each.statement)) for each in proposal.relations)
    return replace(proposal, statements=statements, relations=relations)


def _with_summaries(proposal: Proposal, registry: Registry) -> Proposal:
    """Give each statement a summary to be written: names and labels only, since none may copy the text."""

    def name(entity: str | None, label: str | None) -> str:
        known = registry.entities.get(entity or "")
        return (label or entity or "somebody") if known is None else known.name

    statements = []
    for each in proposal.statements:
        step = each.chain[-1] if each.chain else ()
        who = " and ".join(name(source.entity, source.label) for source in step) or "somebody"
        act = each.labels.get("act") or "say"
        verb = next(form for form, tag in inflected(act).items() if tag == ("VBZ" if len(step) < 2 else "VB"))
        said = f"{verb} {_OBJECTS.get(act, 'something about')}"
        topic = each.labels.get("topic", "other").replace("_", " ")
        about = {"call": "the talk", "military": "armed force", "other": "another matter"}.get(topic, topic)
        summary = f"To be written: {who} {said} {about}."
        if len(summary) > _LONGEST:
            summary = f"To be written: somebody {said} {about}."
        statements.append(replace(each, labels={**each.labels, "summary": summary}))
    return replace(proposal, statements=tuple(statements))


def draft_head(file: TreeFile, facts: Facts, maker: str = MAKER) -> str:
    """Return an article's file without what is proposed; who made it and what it carries are filled in."""
    source = decode(file.path, file.name)
    root = parse(source, file.name)
    places = sorted((key.start, name) for name, key in root.keys.items())
    begin = places[0][0] if places else len(source)
    lines = [source[:begin]]
    ends = [*(start for start, _ in places[1:]), len(source)]
    written: set[str] = set()
    for (start, name), end in zip(places, ends, strict=True):
        node = root.items[name]
        empty = isinstance(node, Scalar) and node.value is None
        if name in {*_REPLACED, "made_by", "review", "reviewed_by"} or (name == "carries" and empty):
            continue
        written.add(name)
        lines.append(source[start:end])
    made = [f"made_by: {maker}\n", "review: machine\n"]
    if "carries" not in written and facts.account is not None:
        made.append(f"carries:\n  {facts.account}: {{completeness: verbatim, is_translation: false}}\n")
    # The keys that anchoring adds come before the lists.
    order = list(ARTICLE.names)
    later = next(
        (number for number, line in enumerate(lines[1:], 1) if _key(line) in order[order.index("text") :]), None
    )
    place = len(lines) if later is None else later
    text = "".join([*lines[:place], *made, *lines[place:]])
    return text if text.endswith("\n") else f"{text}\n"


def _key(line: str) -> str:
    return line.partition(":")[0]


def _to_look_at(proposal: Proposal, facts: Facts) -> Iterator[str]:
    """Yield what a person has to add or to decide."""
    if not proposal.statements:
        yield "No statement was found."
    if facts.event is None:
        yield "No event is known: write `event` into `defaults`."
        return
    speakers = {source.entity for each in proposal.statements for step in each.chain for source in step}
    apart = {*facts.event.participants, *facts.event.accounts, *facts.event.states, None}
    for entity in sorted(entity for entity in speakers - apart if entity is not None):
        yield f"{entity} speaks and is not a participant of {facts.event.id}: add it to `participants`."
