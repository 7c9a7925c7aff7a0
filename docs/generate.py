"""Write the parts of README and docs that come from code, schemas and the corpus; with --check only compare.

A part is between `<!-- generated: NAME -->` and `<!-- end -->`. The pages in `docs/reference/` are generated whole:
a page there that nothing generates is removed.
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.conformance import divergence_table, enforced_table, unsupported_table
from docs.constructs import constructs_table
from docs.pictures import pictures
from docs.reference_annotations import key_tables, label_tables, predicate_table
from docs.reference_api import api_reference
from docs.reference_cli import cli_reference
from docs.reference_codebook import codebook_pages
from docs.row_types import row_types
from docs.versions import up_to_date, versioned_pages
from readouts.analysis.agreement import agree
from readouts.analysis.comparison import compare
from readouts.analysis.overview_columns import COLUMNS, MEANINGS
from readouts.annotations.json_schema import annotation_schemas
from readouts.compile.compiler import compile_tree, table_names
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.corpus_schema.incident_codes import CODES
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Severity
from readouts.datapackage.package.package import open_package
from readouts.datapackage.versioning import RULES
from readouts.loaders import open_corpus
from readouts.loaders.citation import citation as cited
from readouts.publish.render.agreement import FORMATS as AGREEMENT
from readouts.publish.site.context import open_site
from readouts.quality.gates import measures_table
from readouts.quality.rules.rules import rules_table
from tests.datapackage.difference.edge_cases import EDGE_CASES
from tests.mutation.mutants import equivalents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from readouts.analysis.sides import Rows

ROOT = Path(__file__).resolve().parents[1]
EVENT = "call-2014-03-06"
CASES = ROOT / "tests" / "cases"
LONGEST = 240
"""Characters up to which what a bad case writes is shown."""
PART = re.compile(r"(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def comparison() -> str:
    """Return the first claim of each group of an event, in the words of both sides, as a Markdown table."""
    call = compare(EVENT, open_package(ROOT).rows)
    rows = [f"| | {' | '.join(side.name for side in call.sides)} |", "|---|---|---|"]
    for group, relation in (("contradicted", "contradicts"), ("in_tension", "in_tension")):
        pair = next(pair for pair in call.pairs if pair.relation == relation)
        cells = (pair.first.voices[0].summary, pair.second.voices[0].summary)
        rows.append(f"| {group.replace('_', ' ')} ({call.counts[group]} claims) | {' | '.join(cells)} |")
    both = call.group("both")[0]
    said = " | ".join(both.of(side.key)[0].summary for side in call.sides)
    rows.append(f"| both say ({call.counts['both']}) | {said} |")
    alone = [call.group(f"only_{side.key}") for side in call.sides]
    counts = " and ".join(str(len(claims)) for claims in alone)
    rows.append(f"| only one says ({counts}) | {' | '.join(claims[0].voices[0].summary for claims in alone)} |")
    return "\n".join(rows) + "\n"


def table_list() -> str:
    """Return the tables with what one row is, as a Markdown table."""
    rows = []
    for name in table_names():
        description = tables()[name].description
        sentence = description.partition(". ")[0].rstrip(".").removeprefix("One row is ")
        rows.append(f"| [`{name}`](data/{name}.csv) | {sentence.replace('|', chr(92) + '|')} |")
    return "| table | one row is |\n|---|---|\n" + "\n".join(rows) + "\n"


def incident_list() -> str:
    """Return an entry for each code of incident: what it means, a bad example from the tests, and the fix."""
    entries = []
    for code in sorted(CODES.values(), key=lambda code: code.name):
        mild = {Severity.WARNING: "A warning. ", Severity.UNCHECKED: "Not checked. "}.get(code.severity, "")
        example = bad_example(code.name)
        entries.append(f"### `{code.name}`\n\n{mild}{code.meaning}\n\n{example}*Fix it:* {code.fix}\n")
    return "\n" + "\n".join(entries) + "\n"


def bad_example(code: str) -> str:
    """Return the shortest bad case of a code as text and, where it is short, what is written in it."""
    cases = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((CASES / code).glob("*.yaml"))]
    case = min(cases, key=lambda case: (len(_written(case)) or LONGEST, case["about"]))
    written = _written(case)
    shown = f"\n\n```text\n{written}\n```" if written else ""
    return f"*For example:* {case['about']}{shown}\n\n"


def _written(case: dict[str, Any]) -> str:
    """Return what a case writes into a file, if it is short and can be shown."""
    for step in case.get("edit", ()):
        text = str(step.get("with", "")) if isinstance(step, dict) else ""
        if text.strip() and len(text) < LONGEST and text.replace("\n", "").isprintable() and "```" not in text:
            return inspect.cleandoc(text).rstrip()
    return ""


def agreement() -> str:
    """Return how well the two annotations of the first articles agree, as `readouts agreement` prints it."""
    with _two_annotations("1.0") as (first, second):
        return "\n" + AGREEMENT["markdown"](agree(first, second)) + "\n"


def agreement_by_language() -> str:
    """Return how well the two annotations of six events agree, by language: sizes, what they share, and F1."""
    languages = {"en": "English", "zh": "Chinese", "ru": "Russian", None: "all"}
    with _two_annotations("2.0") as (first, second):
        found = {language: agree(first, second, language) for language in languages}
    rows = [f"| compared | {' | '.join(languages.values())} |", "|---|" + "---:|" * len(languages)]
    for name in found[None].scores:
        cells = []
        for language, agreement in found.items():
            score = agreement.scores[name]
            counts = f"{score.first} and {score.second}, {score.shared} shared"
            few = language == "ru" or not score.first + score.second
            cells.append(counts if few else f"{counts}: **{score.f1:.2f}**")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    labels = AGREEMENT["markdown"](found[None]).partition("\n\n")[2]
    return "\n" + "\n".join(rows) + "\n\n" + labels + "\n"


@contextmanager
def _two_annotations(release: str) -> Iterator[tuple[Rows, Rows]]:
    """Give the rows of the two annotations that were made for a release."""
    with tempfile.TemporaryDirectory() as folder:
        packages = []
        for name in ("first", "second"):
            tree = ROOT / "docs" / "agreement" / release / name / "annotations"
            store = Store(None)
            compilation = compile_tree(tree, store)
            if compilation.incidents:
                raise SystemExit(f"{tree}: {compilation.incidents[0].place()}: {compilation.incidents[0].message}")
            packages.append(write_package(compilation, Path(folder, name)))
            store.close()
        first, second = packages
        yield first.rows, second.rows


def contents() -> str:
    """Return in one sentence what the corpus holds."""
    package = open_package(ROOT)
    rows = package.rows
    languages = Counter((row["language"] or "").partition("-")[0] for row in rows("articles"))
    sides: dict[str | None, set[str | None]] = {}
    for row in rows("accounts"):
        sides.setdefault(row["event_id"], set()).add(row["side"])
    paired = sum({"a", "b"} <= found for found in sides.values())
    years = sorted((row["published_on"] or "")[:4] for row in rows("articles") if row["published_on"])
    across = sum(row["scope"] == "cross_side" for row in rows("alignments"))
    return (
        f"Release {package.version} holds **{languages.total()} documents** of {years[0]} to {years[-1]} "
        f"({languages['en']} in English, {languages['zh']} in Chinese, {languages['ru']} in Russian) on calls and "
        "meetings of American, Chinese, Russian and Ukrainian leaders. "
        f"**{paired} events have accounts of both sides**. In all there are {len(rows('statements')):,} "
        f"statements, and {across:,} alignments between statements of opposite sides.\n"
    )


def citation() -> str:
    """Return how the latest release is cited."""
    return f"> {cited(open_package(ROOT).descriptor)}\n"


def composition() -> str:
    """Return the events with accounts: their documents, by language, and their statements and alignments."""
    rows = open_package(ROOT).rows
    articles = {row["article_id"]: row for row in rows("articles")}
    accounts = {row["account_id"]: row for row in rows("accounts")}
    claims = rows("claims")
    carried: dict[str | None, set[str | None]] = {}
    for row in rows("carriages"):
        carried.setdefault(accounts[row["account_id"]]["event_id"], set()).add(row["article_id"])
    across = Counter(row["event_id"] for row in rows("alignments_wide") if row["scope"] == "cross_side")
    columns = (
        "event",
        "documents",
        "statements",
        "claims",
        "contradicted",
        "in tension",
        "both, partly",
        "alignments across sides",
    )
    lines = [f"| {' | '.join(columns)} |"]
    lines.append("|---|---|" + "---:|" * 6)
    for event in sorted(rows("events"), key=lambda row: (row["date"] or "", row["event_id"] or "")):
        name = event["event_id"]
        if name not in carried:
            continue
        languages = Counter((articles[article]["language"] or "").partition("-")[0] for article in carried[name])
        documents = ", ".join(f"{count} {language}" for language, count in sorted(languages.items()))
        members = [row for row in claims if row["event_id"] == name]
        groups = Counter({row["claim_id"]: row["group"] for row in members}.values())
        cells = [
            event["title"] or "",
            documents,
            str(len(members)),
            str(groups.total()),
            str(groups["contradicted"]),
            str(groups["in_tension"]),
            str(groups["both"] + groups["partly"]),
            str(across[name]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n" + "\n".join(lines) + "\n\n"


def languages() -> str:
    """Return articles, statements and mentions by language."""
    rows = open_package(ROOT).rows
    of = {row["article_id"]: row["language"] for row in rows("articles")}
    articles = Counter(of.values())
    statements = Counter(of[row["article_id"]] for row in rows("statements"))
    mentions = Counter(of[row["article_id"]] for row in rows("spans") if row["role"] == "mention")
    lines = ["| language | articles | statements | mentions |", "|---|---:|---:|---:|"]
    lines += [
        f"| `{name}` | {articles[name]} | {statements[name]} | {mentions[name]} |" for name in sorted(articles, key=str)
    ]
    lines.append(f"| all | {articles.total()} | {statements.total()} | {mentions.total()} |")
    return "\n" + "\n".join(lines) + "\n\n"


def reviews() -> str:
    """Return who made the annotation and who has reviewed it, as every page of the site says it."""
    return f"\n**{open_site(open_corpus(ROOT)).made}**\n\n"


def version_rules() -> str:
    """Return what each kind of change does to the version, highest level first."""
    rows = ["| change | raises | why |", "|---|---|---|"]
    ordered = sorted(RULES.items(), key=lambda item: -item[1].level)
    rows += [
        f"| `{name}`: {rule.title} | {rule.level.name} | {rule.why.replace('docs/versioning.md', 'below')} |"
        for name, rule in ordered
    ]
    return "\n" + "\n".join(rows) + "\n\n"


def edge_cases() -> str:
    """Return the edge cases of a comparison with the outcome of each, as the tests have them."""
    rows = [f"| {case.title} | {case.outcome} |" for case in EDGE_CASES]
    return "\n| case | outcome |\n|---|---|\n" + "\n".join(rows) + "\n\n"


def overview_columns() -> str:
    """Return the columns of the overviews: which has each, its type, and what it holds."""
    rows = ["| column | in the overview by | type | what it holds |", "|---|---|---|---|"]
    for name, (kind, meaning) in MEANINGS.items():
        of = ", ".join(by for by, names in COLUMNS.items() if name in names)
        rows.append(f"| `{name}` | {of} | {kind} | {meaning} |")
    return "\n" + "\n".join(rows) + "\n\n"


def mutant_list() -> str:
    """Return the mutants that do what the original does, each with the reason."""
    rows = ["| where | what it has | what the mutant has | why nothing changes |", "|---|---|---|---|"]
    for known in equivalents():
        where = f"`{known.source.removeprefix('src/readouts/')}`" if known.source else "anywhere"
        part, becomes = (text.replace("|", "\\|") for text in (known.part, known.becomes))
        shown = f"`{becomes}`" if becomes else "nothing"
        rows.append(f"| {where} | `{part}` | {shown} | {known.because} |")
    return "\n" + "\n".join(rows) + "\n\n"


PARTS: dict[str, Callable[[], str]] = {
    "compare": comparison,
    "tables": table_list,
    "incidents": incident_list,
    "agreement": agreement,
    "readings": agreement_by_language,
    "reviews": reviews,
    "composition": composition,
    "contents": contents,
    "languages": languages,
    "rules": rules_table,
    "gates": measures_table,
    "enforced": enforced_table,
    "divergences": divergence_table,
    "unsupported": unsupported_table,
    "constructs": constructs_table,
    "versions": version_rules,
    "edges": edge_cases,
    "overview": overview_columns,
    "keys": key_tables,
    "citation": citation,
    "labels": label_tables,
    "mutants": mutant_list,
    "predicates": predicate_table,
}
REFERENCE = "docs/reference"


def whole_pages() -> dict[str, str]:
    """Return the pages that are generated whole, by their path."""
    pages = {f"{REFERENCE}/codebook/{name}": text for name, text in codebook_pages().items()}
    return pages | {f"{REFERENCE}/cli.md": cli_reference(), f"{REFERENCE}/api.md": api_reference()}


def main(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when a page is stale.")] = False,
) -> None:
    """Bring the generated parts up to date."""
    stale = []
    pages = whole_pages()
    pages["src/readouts/loaders/rows.pyi"] = row_types(tables())
    pages |= {f"schemas/annotations/{name}": text for name, text in annotation_schemas().items()}
    pages |= {f"docs/images/{name}": picture for name, picture in pictures().items()}
    for name in (page for page in versioned_pages() if page.endswith(".md") and page not in pages):
        text = PART.sub(
            lambda match: match[1] + PARTS[match[2]]() + match[3], (ROOT / name).read_text(encoding="utf-8")
        )
        pages[name] = up_to_date(name, text)
    for name, new in pages.items():
        path = ROOT / name
        if not path.is_file() or path.read_text(encoding="utf-8") != new:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(new, encoding="utf-8", newline="\n")
    for path in sorted((ROOT / REFERENCE).rglob("*.md")):
        if (name := path.relative_to(ROOT).as_posix()) not in pages:
            stale.append(name)
            if not check:
                path.unlink()
    if check and stale:
        typer.echo(f"Stale: {', '.join(stale)}. Run `make docs` and commit what it writes.")
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
