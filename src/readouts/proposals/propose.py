"""`readouts propose`: the draft of an article, as far as rules find what its text says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.analysis.agreement import matching
from readouts.annotations.drafts import article_file, draft_file, first_line, write_draft
from readouts.annotations.forms import ARTICLE
from readouts.annotations.nodes import Mapping, Scalar, decode, parse
from readouts.annotations.scaffold import new_article
from readouts.annotations.tree import read_file
from readouts.annotations.values import double_quoted
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import counted
from readouts.proposals.alignment import alignments_text, candidates, said_in
from readouts.proposals.context import Context
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
    entity_named,
    event_named,
    facts_of,
    index_rows,
    issuer_and_outlet,
    read_tree,
)
from readouts.proposals.lexicon import load_lexicon
from readouts.proposals.mentions import mentions, sure_names
from readouts.proposals.proposal import Origin, Proposal, RelationProposal
from readouts.proposals.regions import regions
from readouts.proposals.spans import anchorable
from readouts.text.problem import TextProblem
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from collections.abc import Mapping as Shares

    from readouts.annotations.records import Reading
    from readouts.annotations.tree import TreeFile
    from readouts.proposals.alignment import Candidate
    from readouts.proposals.facts import EventFacts, Tree
    from readouts.proposals.proposal import MentionProposal, Place, StatementProposal
    from readouts.proposals.registry import Registry
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = [
    "MAKER",
    "Proposed",
    "contents_of",
    "draft_head",
    "proposal_for",
    "propose",
    "proposed_document",
    "with_old_names",
]

MAKER = "readouts-propose"
"""The value of `made_by` for a proposed annotation."""

_REPLACED = frozenset(["regions", "defaults", "chains", "statements", "mentions", "relations"])
_OBJECTS = {
    "warn": "of something about",
    "agree": "to something about",
    "accuse": "somebody over",
}
_MODES = {"call": "phone", "visit": "visit"}
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
        event = _event(name, tree, rows, notes)
        if event is not None:
            tree = read_tree(folder.resolve())
        if name not in tree.articles:
            _new_article(name, tree, rows, notes)
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
            for event_file, data, note in [*_without_alignments(name, tree)]:
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


def proposal_for(facts: Facts, text: str, registry: Registry, *, learned: dict[str, Any] | None = None) -> Proposal:
    """Return everything that rules find in a text.

    Parameters
    ----------
    facts
        Known facts about the article.
    text
        Its text.
    registry
        The entities.
    learned
        What was learned from a corpus, in place of what comes with the package.

    Examples
    --------
    >>> from readouts.proposals.facts import EventFacts
    >>> from readouts.proposals.registry import Entity, Registry
    >>> marek = Entity("jana-marek", "person", "Jana Marek")
    >>> call = EventFacts("call-2031-05-01", "call", principals=("jana-marek",))
    >>> facts = Facts("marek-2031-05-01", "readout", "en", "A call", call, "presidency", "presidency-2031-05-01")
    >>> found = proposal_for(facts, "Jana Marek said that the bridge is open.", Registry({"jana-marek": marek}))
    >>> [(each.content, each.labels["act"]) for each in found.statements]
    [(((21, 39),), 'say')]
    """
    lexicon = load_lexicon(facts.language, learned=learned)
    event = facts.event
    accounts = {} if event is None else dict(event.accounts)
    principals = () if event is None else event.principals
    printed = {
        account: registry.entities[issuer].names if issuer in registry.entities else (issuer,)
        for issuer, account in accounts.items()
        if account in facts.carries and facts.kind != "readout"
    }
    found_regions = regions(text, facts.title, lexicon, printed, carried=facts.kind == "repost")
    found_mentions = mentions(
        text,
        registry,
        facts.language,
        learned=sure_names(lexicon["learned"]["mentions"]),
        principals=principals,
        issuer=facts.issuer,
        day=None if event is None else event.date,
        excluded=[region.place for region in found_regions if region.role == "boilerplate"],
    )
    context = Context(
        kind=facts.kind,
        language=facts.language,
        lexicon=lexicon,
        issuer=facts.issuer,
        account=facts.account,
        accounts=accounts,
        event=None if event is None else event.id,
        principals=principals,
        states=() if event is None else event.states,
        mentions=tuple(found_mentions),
        regions=tuple(found_regions),
    )
    read = (anchorable(text, each) for each in _reader(facts.language)(text, context))
    found = sorted((_labelled(context, each) for each in read if each.content), key=_place)
    known = lexicon["learned"]["confidence"].get("press" if facts.kind == "press" else "official", {})
    found_mentions = [replace(each, origin=_measured(each.origin, known)) for each in found_mentions]
    found = [replace(each, origin=_measured(each.origin, known)) for each in found]
    names = statement_names(found)
    statements = tuple(replace(each, name=name) for each, name in zip(found, names, strict=True))
    relations = tuple(_consultations(statements, found_mentions, event))
    return Proposal(tuple(found_regions), statements, tuple(found_mentions), relations)


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


def _reader(language: str) -> Callable[[str, Context], list[StatementProposal]]:
    """Return what finds the statements of a text in a language that there is a lexicon of."""
    from importlib import import_module

    modules = {"zh": "chinese", "ru": "russian"}
    module = import_module(f"readouts.proposals.{modules.get(language.partition('-')[0].casefold(), 'english')}")
    found: Callable[[str, Context], list[StatementProposal]] = module.statements
    return found


def _place(statement: StatementProposal) -> tuple[Place, ...]:
    return statement.content


def _measured(origin: Origin, known: Shares[str, float]) -> Origin:
    """Give a rule the confidence that was measured on the corpus."""
    return replace(origin, confidence=known.get(origin.rule, origin.confidence))


def _labelled(context: Context, statement: StatementProposal) -> StatementProposal:
    """Give a statement the labels that it must have and that no rule set, and the confidence of its rule."""
    words = statement.labels
    indirect = any(source.cue for step in statement.chain for source in step)
    labels = {
        "form": "indirect" if indirect else "free_indirect",
        "medium": "speech" if len(statement.chain) > 1 or indirect else "writing",
        "act": "say",
        "topic": "other",
        "polarity": "positive",
        "certainty": "certain",
        "modality": "asserted",
        **({} if context.event is None else {"event_id": context.event}),
        **words,
    }
    return replace(statement, labels=labels)


def _consultations(
    statements: Iterable[StatementProposal], found: Sequence[MentionProposal], event: EventFacts | None
) -> Iterator[RelationProposal]:
    """Yield the act between the leaders for each statement that reports the event and names them both (9.1, 9.2)."""
    if event is None or event.kind not in {"call", "meeting", "visit"} or len(event.principals) != 2:
        return
    first, second = sorted(event.principals)
    for statement in statements:
        if statement.labels.get("act") != "report" or statement.labels.get("topic") != "call":
            continue
        start, end = statement.content[0]
        named = [each for each in found if start <= each.place[0] and each.place[1] <= end]
        places = [next((each.place for each in named if each.entity == who), None) for who in (first, second)]
        if places[0] is None or places[1] is None:
            continue
        at = (min(places[0][0], places[1][0]), max(places[0][1], places[1][1]))
        labels = {"contexts": "diplomatic", "status": "actual", "event_id": event.id, "fit": "exact"}
        if event.kind in _MODES:
            labels["mode"] = _MODES[event.kind]
        origin = Origin("relation.event")
        yield RelationProposal(first, "CONSULT", origin, second, statement.name, labels, (at,))
        return


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


def _event(article: str, tree: Tree, rows: dict[str, dict[str, str]], notes: list[str]) -> str | None:
    """Write the file of the event that the list of texts names for an article, where there is none."""
    event = (rows.get(article) or {}).get("event")
    if not event or event in tree.events or article in tree.articles:
        return None
    facts = event_named(event, rows, tree.registry, tree.events)
    if facts is None:
        kind = event.partition("-")[0]
        message = (
            f"The list of texts says that {article} is about '{event}', and events/{event}.yaml isn't there. What it "
            f"needs isn't known: run `readouts new event {event} --kind {kind}`, and give it its sides, "
            "participants and accounts."
        )
        raise ReadoutsError(message)
    path = tree.folder / "events" / f"{event}.yaml"
    path.parent.mkdir(exist_ok=True)
    replace_file(path, _event_text(facts, tree, rows).encode())
    notes.append(f"events/{event}.yaml was made from the list of texts. Check its sides, kind and languages.")
    return event


def _event_text(facts: EventFacts, tree: Tree, rows: dict[str, dict[str, str]]) -> str:
    entities = tree.registry.entities
    in_id = facts.id.split("-")
    names = [
        next(word for word in entities[person].name.split() if word.casefold() in in_id) for person in facts.principals
    ]
    held = date.fromisoformat(facts.date or "")
    title = f"{facts.kind.capitalize()} between {' and '.join(names)}, {held.day} {held:%B} {held.year}"
    lines = [f"kind: {facts.kind}\n", f"title: {double_quoted(title)}\n", f"date: {facts.date}\n"]
    lines += [
        "date_precision: day\n",
        *(f"side_{side}: {state}\n" for side, state in zip("ab", facts.states, strict=True)),
    ]
    lines.append("participants:\n")
    lines += [
        f"  {person}: {{role: principal, side: {side}}}\n" for person, side in zip(facts.principals, "ab", strict=True)
    ]
    lines.append("accounts:\n")
    for issuer, account in facts.accounts.items():
        home = tree.registry.homes.get(issuer)
        homes = [tree.registry.homes.get(state) for state in facts.states]
        side = "ab"[homes.index(home)] if home in homes else "third"
        day = account.removeprefix(f"{issuer}-")
        language = next(
            row.get("language") or "en"
            for row in rows.values()
            if row.get("event") == facts.id
            and entity_named(issuer_and_outlet(row.get("issuer") or "")[0], tree.registry) == issuer
        )
        cells = f"issuer: {issuer}, side: {side}, kind: readout, issued_on: {day}, original_language: {language}"
        lines.append(f"  {account}: {{{cells}}}\n")
    return "".join([*lines, f"made_by: {MAKER}\n", "review: machine\n"])


def _new_article(article: str, tree: Tree, rows: dict[str, dict[str, str]], notes: list[str]) -> None:
    """Write the scaffold of an article that the list of texts describes."""
    row = rows.get(article)
    if row is None:
        message = (
            f"{tree.folder.name} has no article '{article}', and the list of texts doesn't have it either. "
            f"{did_you_mean(article, {*tree.articles, *rows})} Run `readouts new article {article}` first."
        )
        raise ReadoutsError(message)
    words, carrier = issuer_and_outlet(row.get("issuer") or "")
    issuer = entity_named(words, tree.registry)
    outlet = entity_named(carrier, tree.registry)
    kind = row.get("kind") or "readout"
    if kind == "press":
        outlet, issuer = entity_named(words, tree.registry), None
    elif carrier is not None:
        kind = "repost"
    if kind != "press" and issuer is None:
        message = (
            f"The issuer '{words}' of {article} is not an entity. Run `readouts new entity ID --name {words!r}` first."
        )
        raise ReadoutsError(message)
    event = tree.events.get(row.get("event") or "")
    values = {
        "title": row.get("title") or article,
        "kind": kind,
        "url": row.get("url") or "",
        "published_on": row.get("published_on") or "",
        "language": row.get("language") or "",
        "rights": row.get("rights") or "",
        "outlet": outlet or "",
        "event": "" if event is None else event.id,
    }
    path = new_article(tree.folder, article, **values)
    account = None if event is None or issuer is None else event.accounts.get(issuer)
    if account is not None:
        carried = f"carries:\n  {account}: {{completeness: verbatim, is_translation: false}}\n"
        scaffold = path.read_text("utf-8").replace("carries:\n", carried, 1)
        replace_file(path, scaffold.encode())
    elif kind != "press":
        notes.append(f"The event has no account of {issuer}: add it to its file, and to `carries` of the article.")
    notes.append(f"articles/{article}.yaml was made from the list of texts.")


def _without_alignments(article: str, tree: Tree) -> Iterator[tuple[Path, bytes, str]]:
    """Yield the files of events without the alignments of an article's statements, and what was removed from each."""
    for event, file in sorted(tree.event_files.items()):
        source = decode(file.path, file.name)
        root = parse(source, file.name)
        node = root.items.get("alignments")
        if not isinstance(node, Mapping):
            continue
        named = [name for name, each in node.items.items() if _aligns(each, article)]
        if not named:
            continue
        starts = sorted(key.start for key in node.keys.values())
        whole = len(named) == len(node.items)
        for start in (
            [root.keys["alignments"].start]
            if whole
            else sorted((node.keys[name].start for name in named), reverse=True)
        ):
            following = None if whole else next((place for place in starts if place > start), None)
            end = _end_of(source, node.end) if following is None else source.rfind("\n", 0, following) + 1
            source = source[: source.rfind("\n", 0, start) + 1] + source[end:]
        note = f"events/{event}.yaml: {counted(len(named), 'alignment')} removed ({', '.join(named)})."
        yield file.path, source.encode(), note


def _end_of(source: str, place: int) -> int:
    """Return where the line ends that a node ends on."""
    place = len(source[:place].rstrip())
    end = source.find("\n", place)
    return len(source) if end < 0 else end + 1


def _aligns(node: object, article: str) -> bool:
    cells = node.items if isinstance(node, Mapping) else {}
    sides = (cells.get(side) for side in ("a", "b"))
    return any(isinstance(side, Scalar) and (side.value or "").startswith(f"{article}.") for side in sides)


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
