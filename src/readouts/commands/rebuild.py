"""`readouts rebuild`."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.shell import Limit, command, console, finish
from readouts.commands.tree import AnnotationsPath, compiled

if TYPE_CHECKING:
    from readouts.build.compiler import Compilation
    from readouts.incident import Incident

__all__ = ["main"]

_MOST_FOUND = 1000
"""How many findings of a rule are looked up in the annotations."""
_HELD = "contracts"
"""What the store keeps under this name is a hash of the tables that were last found to keep the rules."""


@command
def main(
    annotations: AnnotationsPath = Path("annotations"),
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder of the package. Default: the one above the annotations.")
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="Folder of the articles' texts: verify every anchor against them.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 and show what differs from the package that is there."),
    ] = False,
    limit: Limit = 20,
) -> None:
    """Turn annotations into the package: data/ and datapackage.json.

    Example: readouts rebuild --check
    """
    from readouts.build.compiler import table_names
    from readouts.build.rebuild import stale, write_package
    from readouts.package.swap import locked, settle
    from readouts.render.incidents import print_incidents

    root = (annotations.resolve().parent if output is None else output).resolve()
    out = console()
    with compiled(annotations) as compilation:
        incidents = _findings(compilation, texts) or _broken_rules(compilation, annotations)
        if incidents or check:
            if not incidents:
                settle(root)
                incidents = stale(compilation, root)
            if incidents:
                print_incidents(out, incidents, limit)
            else:
                out.print(f"{root.name}: the package is what the annotations give.")
            finish(clean=not incidents)
            return
        root.mkdir(parents=True, exist_ok=True)
        with locked(root):
            package = write_package(compilation, root)
        rows = sum(package.resources[name]["rowCount"] for name in table_names())
        read = len(compilation.compiled)
        out.print(
            f"{package.name} {package.version}: {len(table_names())} tables, {rows:,} rows, from "
            f"{len(compilation.files):,} annotation files ({read:,} read, {len(compilation.files) - read:,} unchanged)."
        )


def _findings(compilation: Compilation, texts: Path | None) -> list[Incident]:
    if compilation.incidents or texts is None:
        return compilation.incidents
    from readouts.build.verify import verify_texts
    from readouts.commands.texts import text_folder

    return verify_texts(compilation.files.values(), text_folder(texts))


def _broken_rules(compilation: Compilation, annotations: Path) -> list[Incident]:
    """Hold the tables to the rules that join them; return what breaks one, with the place to mend.

    The tables that were found to keep the rules are not looked at again before one of them changes: importing what
    checks them takes longer than a rebuild does.
    """
    from readouts.build.compiler import table_names

    names = table_names()
    totals = [compilation.store.total(name) for name in names]
    if None not in totals and compilation.store.total(_HELD) == _held([total[2] for total in totals if total]):
        return []
    from io import BytesIO

    import polars as pl

    from readouts.build.origin import Origins
    from readouts.check.contracts.rules import needed
    from readouts.check.contracts.screen import keeps_rules
    from readouts.incident import sorted_incidents
    from readouts.schema import tables

    wanted = needed()
    frames, digests = {}, []
    for name in names:
        stream = BytesIO()
        digest = sha256()
        for _, data in compilation.table(tables()[name]):
            digest.update(data)
            if name in wanted:
                stream.write(data)
        digests.append(digest.hexdigest())
        if name in wanted:
            frames[name] = pl.read_csv(stream.getvalue(), columns=list(wanted[name]), infer_schema=False)
    if keeps_rules(frames):
        compilation.store.put_total(_HELD, *_held(digests))
        return []
    from readouts.check.contracts.tables import examine

    found = examine(frames, _MOST_FOUND).incidents
    origins = Origins(annotations.resolve())
    located = []
    for finding in found:
        source = origins.find(finding.table, finding.key, finding.field)
        located.append(finding if source is None else finding.at(source))
    return sorted_incidents(located)


def _held(digests: list[str]) -> tuple[int, int, str]:
    """Return what the store keeps of tables that keep the rules: their number, and a hash of them and of the code."""
    from readouts.build.store import compiler_digest

    return len(digests), 0, sha256(" ".join([compiler_digest(), *digests]).encode()).hexdigest()
