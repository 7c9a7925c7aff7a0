"""How good `readouts propose` is on the published corpus, compared with other packages a contributor could install.

Every proposal is compared with the published annotation of its article. The rules learn from the corpus again for each
article's event, without any article about that event. The rules themselves were written by people who had
read the corpus, so a second table has invented texts that they hadn't read: `benchmarks/unseen`. The peers know
no corpus; they get the text, and the facts in the head of a draft: kind, language and issuer. For an official
document each sentence in which a peer finds nothing is proposed as the issuer's, and the words of a source are looked
up in the registry with the names that `readouts` finds.

The peers need an environment of their own, which `--peers-folder` names: `python -m venv PEERS`, then
`PEERS/bin/pip install -r requirements-propose-peers.lock`, and for wink `npm install --prefix PEERS wink-nlp
wink-eng-lite-web-model`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import machine, measure
from readouts.annotations.tree import read_file
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.package.package import open_package
from readouts.proposals import alignment_learning
from readouts.proposals.alignment import said_in
from readouts.proposals.alignment_learning import published_accounts
from readouts.proposals.evaluation import ERRORS, Evaluation, evaluate
from readouts.proposals.facts import facts_of, read_tree
from readouts.proposals.learning import article_events, article_texts, cross_proposals
from readouts.proposals.proposal import Origin, Proposal, SourceProposal, StatementProposal
from readouts.proposals.published import published_proposals
from readouts.proposals.rules import proposal_for
from readouts.text.sentences import sentences
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.analysis.agreement import Score
    from readouts.analysis.sides import Row, Rows
    from readouts.datapackage.package.package import DataPackage
    from readouts.proposals.proposal import MentionProposal, Place
    from readouts.text.sources import TextFolder

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = {"en": "English", "zh": "Chinese", "ru": "Russian"}
LABELS = ("act", "modality", "topic")
MODEL = "en_core_web_sm"
"""The trained model for English that textacy and Citron are documented with."""


@dataclass(frozen=True)
class Document:
    """One article as a proposer gets it."""

    id: str
    kind: str
    language: str
    event: str
    text: str
    issuer: SourceProposal | None

    @property
    def group(self) -> str:
        """Kind and language as text."""
        return f"{self.kind}, {LANGUAGES.get(self.language, self.language)}"


@dataclass
class Contender:
    """What proposes: its proposals by article, or why there are none."""

    title: str
    proposals: dict[str, Proposal] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Ranks:
    """At which place, from 0, each aligned statement has the first of its partners among its candidates.

    Attributes
    ----------
    languages
        The names of the languages of the two accounts.
    published, proposed
        The places with published statements to choose from, and with proposed ones; None where no partner is there.
    """

    languages: str
    published: list[int | None]
    proposed: list[int | None]


def recall_at(places: Sequence[int | None], most: int) -> float:
    """Return the share of aligned statements that have a partner among the first few candidates.

    Examples
    --------
    >>> recall_at([0, 2, None, 1], 1), recall_at([0, 2, None, 1], 3)
    (0.25, 0.75)
    """
    return sum(place is not None and place < most for place in places) / len(places)


def documents(corpus: DataPackage, folder: TextFolder) -> list[Document]:
    """Return the articles of a corpus, with their texts."""
    rows = corpus.rows
    events, texts = article_events(rows), article_texts(rows, folder)
    issuers = {row["account_id"]: row["issuer_id"] for row in rows("accounts")}
    carried: dict[str | None, list[Row]] = {}
    for row in rows("carriages"):
        carried.setdefault(row["article_id"], []).append(row)
    found = []
    for row in rows("articles"):
        name = row["article_id"] or ""
        accounts = carried.get(name, [])
        official = row["kind"] != "press"
        issuer = None
        if official and accounts:
            account = accounts[0]["account_id"]
            issuer = SourceProposal(issuers[account], account=account)
        language = (row["language"] or "").partition("-")[0]
        main = next(iter(events[name]), "")
        found.append(Document(name, "official" if official else "press", language, main, texts[name], issuer))
    return found


def sentence_places(text: str) -> list[Place]:
    """Return the places of the sentences of a text, without the spaces and marks at their ends.

    Examples
    --------
    >>> sentence_places("Marek called. Ostrova listened.")
    [(0, 12), (14, 30)]
    """
    found = []
    for start, end in sentences(text):
        inside = [place for place in range(start, end) if text[place].isalnum()]
        if inside:
            found.append((inside[0], inside[-1] + 1))
    return found


def every_sentence(document: Document) -> Proposal:
    """Propose each sentence as a statement of the issuer, or of nobody."""
    chain = () if document.issuer is None else ((document.issuer,),)
    return Proposal(
        statements=tuple(
            StatementProposal((place,), chain, Origin("sentence")) for place in sentence_places(document.text)
        )
    )


def peer_proposal(
    document: Document, found: Sequence[Mapping[str, Sequence[Sequence[int]]]], names: Sequence[MentionProposal]
) -> Proposal:
    """Return what a peer found in a document as a proposal.

    Parameters
    ----------
    document
        The document.
    found
        Statements: places of `content`, and of `cue` and `source` where the peer tells them.
    names
        Names of the registry's entities in the text: the last one in the words of a source is the source.
    """
    statements = []
    for one in found:
        places = {
            part: tuple((start, end) for start, end in one.get(part, ())) for part in ("content", "cue", "source")
        }
        named = [
            name.entity
            for name in names
            if any(start <= name.place[0] and name.place[1] <= end for start, end in places["source"])
        ]
        chain = () if document.issuer is None else ((document.issuer,),)
        if places["cue"]:
            entity = named[-1] if named else None
            label = None if entity else "unnamed"
            chain = (*chain, (SourceProposal(entity, label, at=places["source"], cue=places["cue"]),))
        statements.append(StatementProposal(places["content"], chain, Origin("peer")))
    covered = [place for one in statements for place in (*one.content, *(one.chain[-1][0].cue if one.chain else ()))]
    if document.issuer is not None:
        statements += [
            one
            for one in every_sentence(document).statements
            if not any(start < one.content[0][1] and one.content[0][0] < end for start, end in covered)
        ]
    return Proposal(statements=tuple(statements))


def run_peer(command: Sequence[str], found: Sequence[Document]) -> dict[str, Any]:
    """Give a peer all texts; return what it found."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        texts = {document.id: {"language": document.language, "text": document.text} for document in found}
        path.write_text(json.dumps(texts), encoding="utf-8")
        filled = [part.format(texts=path) for part in command]
        ended = subprocess.run(filled, capture_output=True, text=True, encoding="utf-8", check=True)
        return dict(json.loads(ended.stdout))


def has_model(python: Path) -> bool:
    """Return whether the peers' environment has spaCy's model for English."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({MODEL!r}) is None)"
    return subprocess.run([str(python), "-c", code], check=False).returncode == 0


def peers(
    folder: Path | None, found: Sequence[Document], names: Mapping[str, Sequence[MentionProposal]]
) -> list[Contender]:
    """Return the peers that can be run, and why the others can't."""
    contenders = [
        Contender("every sentence", {document.id: every_sentence(document) for document in found}),
    ]
    python = None if folder is None else folder / "bin" / "python"
    if folder is None or python is None or not python.is_file():
        return [*contenders, Contender("peers", note="not run: `--peers-folder` names no environment of theirs")]
    here = Path(__file__).parent / "peers"
    model = MODEL if has_model(python) else "-"
    commands = {
        "spaCy `Matcher`, verbs of speech": [str(python), str(here / "spacy_matcher.py"), "{texts}"],
        "textacy `direct_quotations`" + ("" if model != "-" else ", upper bound"): [
            str(python),
            str(here / "textacy_quotations.py"),
            "{texts}",
            model,
        ],
    }
    node = shutil.which("node")
    if node is not None and (folder / "node_modules" / "wink-nlp").is_dir():
        commands["wink-nlp, verbs of speech"] = [node, str(here / "wink_verbs.mjs"), "{texts}", str(folder.resolve())]
    else:
        contenders.append(Contender("wink-nlp, verbs of speech", note="not run: Node.js or its package isn't there"))
    by_id = {document.id: document for document in found}
    for title, command in commands.items():
        answers = run_peer(command, found)
        proposals = {name: peer_proposal(by_id[name], one, names[name]) for name, one in answers.items()}
        contenders.append(Contender(title, proposals))
    if model == "-":
        missing = f"not run: it needs `{MODEL}`, which its makers publish as a GitHub release, on no package index"
        contenders += [
            Contender("textacy `direct_quotations`", note=missing),
            Contender("spaCy `DependencyMatcher`, verbs of speech", note=missing),
        ]
    citron = f"not run: it is installed from its GitHub repository, with trained models of its own on top of `{MODEL}`"
    contenders.append(Contender("Citron (BBC)", note=citron))
    return contenders


def own(corpus: DataPackage, folder: TextFolder, annotations: Path) -> Contender:
    """Return what `readouts propose` proposes, each document with words learned without its event."""
    return Contender("`readouts propose`", cross_proposals(corpus, folder, annotations))


def unseen(folder: Path = Path(__file__).parent / "unseen") -> tuple[Rows, list[Document], Contender]:
    """Return invented accounts and articles that no rule was made with, and what is proposed for them."""
    annotations, built = folder / "annotations", Path(tempfile.mkdtemp(prefix="readouts-unseen-"))
    try:
        write_package(compile_tree(annotations, Store(None)), built)
        corpus = open_package(built)
        found = documents(corpus, text_folder(folder / "texts"))
        tree = read_tree(annotations)
        proposals = {
            each.id: proposal_for(
                facts_of(each.id, read_file(tree.articles[each.id]), tree, each.event), each.text, tree.registry
            )
            for each in found
        }
        tables = {name: corpus.rows(name) for name in corpus.resources}
    finally:
        shutil.rmtree(built)
    return tables.__getitem__, found, Contender("`readouts propose`", proposals)


def seconds(found: Iterable[Document], annotations: Path) -> list[float]:
    """Return the seconds that each document takes with what comes with the package, the annotations once read."""
    tree = read_tree(annotations)
    taken = []
    for document in found:
        started = time.perf_counter()
        facts = facts_of(document.id, read_file(tree.articles[document.id]), tree, document.event)
        proposal_for(facts, document.text, tree.registry)
        taken.append(time.perf_counter() - started)
    return taken


def perfect(corpus: DataPackage, found: Sequence[Document]) -> Contender:
    """Return the published annotations as proposals, to test the benchmark with."""
    return Contender("published", published_proposals(corpus.rows, {document.id for document in found}))


GROUPS = ("official, English", "official, Chinese", "official, Russian", "press, English", "press, Chinese")


def evaluations(rows: Rows, found: Sequence[Document], proposals: Mapping[str, Proposal]) -> dict[str, Evaluation]:
    """Evaluate proposals by kind and language of the documents."""
    measured = {}
    for group in GROUPS:
        own = {
            document.id: proposals[document.id]
            for document in found
            if document.group == group and document.id in proposals
        }
        if own:
            measured[group] = evaluate(rows, own)
    return measured


def precision(score: Score) -> float:
    """Return the share of what is proposed that is published; 1 where nothing is proposed."""
    return score.shared / score.second if score.second else 1.0


def recall(score: Score) -> float:
    """Return the share of what is published that is proposed; 1 where nothing is published."""
    return score.shared / score.first if score.first else 1.0


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose others are numbers.

    Examples
    --------
    >>> print(table(["a", "b"], [["x", "1"]]))
    | a | b |
    | --- | ---: |
    | x | 1 |
    """
    marks = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, marks, *lines))


def line(title: str, one: Evaluation) -> list[str]:
    """Return the cells of one contender on one group; what it doesn't propose is left empty."""
    statements, chains, cues = (one.score(name) for name in ("statements", "chains", "cues"))
    mentions = one.score("mentions with entity")
    cells = [f"{figure:.2f}" for figure in (precision(statements), recall(statements), statements.f1)]
    matched = statements.shared
    named = matched and one.score("sources").second
    cells += [f"{one.score('sources').f1:.2f}", f"{chains.shared / matched:.2f}"] if named else ["", ""]
    cells.append(f"{cues.f1:.2f}" if cues.second else "")
    shares = [one.agreement.labels[label][1] for label in LABELS]
    cells += [f"{share:.2f}" if any(shares) else "" for share in shares]
    return [title, str(one.documents), str(statements.first), *cells, f"{mentions.f1:.2f}" if mentions.second else ""]


HEAD = ("documents", "statements", "P", "R", "F1", "sources", "chains", "cues", *LABELS, "mentions")


def report(measured: Mapping[str, tuple[Contender, Mapping[str, Evaluation]]]) -> str:
    """Return the figures of all contenders as Markdown, group by group, and what couldn't be run."""
    parts = []
    for group in GROUPS:
        lines = [line(title, found[group]) for title, (_, found) in measured.items() if group in found]
        if lines:
            parts.append(table([group, *HEAD], lines))
    notes = [f"- {contender.title}: {contender.note}." for contender, _ in measured.values() if contender.note]
    return "\n\n".join([*parts, "\n".join(notes)]) if notes else "\n\n".join(parts)


def error_table(measured: Mapping[str, Evaluation]) -> str:
    """Return how often each kind of error happened, by group, as Markdown."""
    groups = [group for group in GROUPS if group in measured]
    rows = [[error, *(str(measured[group].errors[error]) for group in groups)] for error in ERRORS]
    return table(["error", *groups], [row for row in rows if set(row[1:]) != {"0"}])


def alignment_ranks(
    corpus: DataPackage, folder: TextFolder, found: Sequence[Document], proposals: Mapping[str, Proposal]
) -> list[Ranks]:
    """Rank the statements of each two accounts that are aligned, with what is learned without their event."""
    languages = {row["article_id"] or "": row["language"] or "" for row in corpus.rows("articles")}
    texts = {document.id: document.text for document in found}
    agreement = evaluate(corpus.rows, proposals).agreement
    matched = dict(agreement.matched)
    ranks = []
    learned: dict[str, Any] = {}
    for accounts in published_accounts(corpus, folder)[0]:
        if accounts.event not in learned:
            learned[accounts.event] = alignment_learning.learn(corpus, folder, without_events=[accounts.event])
        lexicon = learned[accounts.event]
        articles = [side[0].id.rpartition(".")[0] for side in (accounts.a, accounts.b)]
        words = sorted(LANGUAGES[languages[article].partition("-")[0]] for article in articles)
        first, second = (tuple(said_in(name, texts[name], languages[name], proposals[name])) for name in articles)
        pairs = {(matched.get(one, ""), matched.get(other, "")) for one, other in accounts.aligned}
        mapped = alignment_learning.Accounts(
            accounts.event, first, second, frozenset(pair for pair in pairs if all(pair))
        )
        places = alignment_learning.partner_ranks(mapped, lexicon)
        published = alignment_learning.partner_ranks(accounts, lexicon)
        proposed = [places.get(matched.get(name, "")) for name in published]
        ranks.append(Ranks(" and ".join(words), list(published.values()), proposed))
    return ranks


def alignment_table(ranks: Sequence[Ranks]) -> str:
    """Return the recall of candidates for alignments, by the languages of the accounts, as Markdown.

    Examples
    --------
    >>> print(alignment_table([Ranks("Chinese and English", [0, 1], [0, None])]))
    | accounts in | events | aligned statements | at 1 | at 3 | proposed, at 1 | proposed, at 3 |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: |
    | Chinese and English | 1 | 2 | 0.50 | 1.00 | 0.50 | 0.50 |
    | all | 1 | 2 | 0.50 | 1.00 | 0.50 | 0.50 |
    """
    head = ["accounts in", "events", "aligned statements", "at 1", "at 3", "proposed, at 1", "proposed, at 3"]
    lines = []
    for languages in [*sorted({each.languages for each in ranks}), "all"]:
        own = [each for each in ranks if languages in {each.languages, "all"}]
        columns = [[place for each in own for place in getattr(each, name)] for name in ("published", "proposed")]
        shares = [f"{recall_at(places, most):.2f}" for places in columns for most in (1, 3)]
        lines.append([languages, str(len(own)), str(len(columns[0])), *shares])
    return table(head, lines)


def summary(seconds_taken: Sequence[float], peak: float) -> str:
    """Return how long a document takes, and the memory.

    Examples
    --------
    >>> print(summary([0.5, 0.1, 0.3], 61.4))
    A document takes 0.30 s in the median and 0.50 s at most; a whole process needs 61 MiB.
    """
    middle = statistics.median(seconds_taken)
    return (
        f"A document takes {middle:.2f} s in the median and {max(seconds_taken):.2f} s at most; "
        f"a whole process needs {peak:.0f} MiB."
    )


def peak_of_process(longest: Document, texts: Path, annotations: Path) -> float:
    """Return the peak memory, in MiB, of `readouts propose` on a document, in a copy of the annotations."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "annotations"
        shutil.copytree(annotations, copy)
        arguments = [
            "propose",
            longest.id,
            "--texts",
            str(texts.resolve()),
            "--annotations",
            str(copy),
            "--replace",
            "--quiet",
        ]
        return measure([sys.executable, "-m", "readouts", *arguments], Path(folder)).memory


def main(
    texts: Annotated[Path, typer.Option(help="Folder with the articles' texts.")],
    peers_folder: Annotated[Path | None, typer.Option(help="Environment with what readouts is compared with.")] = None,
    package: Annotated[Path, typer.Option(help="Package with the published annotations.")] = ROOT,
    annotations: Annotated[Path, typer.Option(help="The annotations that it was built from.")] = ROOT / "annotations",
) -> None:
    """Print how good proposals are, as Markdown."""
    corpus, folder = open_package(package), text_folder(texts)
    found = documents(corpus, folder)
    ours = own(corpus, folder, annotations)
    names = {name: proposal.mentions for name, proposal in ours.proposals.items()}
    measured = {
        contender.title: (contender, evaluations(corpus.rows, found, contender.proposals))
        for contender in [ours, *peers(peers_folder, found, names)]
    }
    versions = peer_versions(peers_folder)
    print(f"{machine(['readouts', 'PyYAML'])}{'; ' if versions else ''}{versions}.\n")
    print(report(measured), "\n")
    print(error_table(measured[ours.title][1]), "\n")
    rows, invented, proposed = unseen()
    others = {
        contender.title: (contender, evaluations(rows, invented, contender.proposals)) for contender in [proposed]
    }
    print("Invented texts, in the manner of the corpus, that no rule was made with:\n")
    print(report(others), "\n")
    print(error_table(others[proposed.title][1]), "\n")
    print(alignment_table(alignment_ranks(corpus, folder, found, ours.proposals)), "\n")
    longest = max(found, key=lambda document: len(document.text))
    print(summary(seconds(found, annotations), peak_of_process(longest, texts, annotations)))


def peer_versions(folder: Path | None) -> str:
    """Return the versions of the peers, as far as they are installed."""
    if folder is None or not (folder / "bin" / "python").is_file():
        return ""
    code = "from importlib.metadata import version\nfor name in ('spacy', 'textacy'): print(name, version(name))"
    ended = subprocess.run([str(folder / "bin" / "python"), "-c", code], capture_output=True, text=True, check=True)
    found = ended.stdout.splitlines()
    for name in ("wink-nlp", "wink-eng-lite-web-model"):
        path = folder / "node_modules" / name / "package.json"
        if path.is_file():
            found.append(f"{name} {json.loads(path.read_text(encoding='utf-8'))['version']}")
    return ", ".join(found)


if __name__ == "__main__":
    typer.run(main)
