"""Depositing a release: what would be sent to Zenodo and Hugging Face, whether they would take it, and the commands."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.exporting.citation import zenodo
from readouts.datapackage.exporting.metadata import json_bytes, metadata_of
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.words import counted, printable, shortened
from readouts.publish.export import export
from readouts.publish.release.archive import CHECKSUMS, REGISTRY
from readouts.publish.release.problem import Problem

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from readouts.datapackage.package.package import DataPackage

__all__ = ["ZENODO_METADATA", "Deposit", "FileToSend", "deposit_commands", "plan_deposits", "zenodo_metadata"]

ZENODO_METADATA = "zenodo.json"
"""The file of a release with what Zenodo's deposit API is sent."""
_CARD = "README.md"
_HUB_FOLDER = "huggingface"
_MOST_FILES, _MOST_BYTES = 100, 50_000_000_000
"""What a record of Zenodo holds."""
_AGAIN = "Make the release again: `readouts release`."


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file that a deposit has: its size in bytes, and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a service would be sent.

    Attributes
    ----------
    service
        `Zenodo` or `Hugging Face`.
    files
        The files, by their path in the deposit.
    metadata
        The metadata that the service gets.
    commands
        The commands that send it, for a POSIX shell.
    problems
        Why it should not be sent as it is.
    """

    service: str
    files: Mapping[str, FileToSend]
    metadata: Mapping[str, Any]
    commands: tuple[str, ...]
    problems: tuple[Problem, ...]


def zenodo_metadata(package: DataPackage) -> bytes:
    """Return what Zenodo's deposit API is sent about a package.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> json.loads(zenodo_metadata(open_package(sample_package())))["metadata"]["version"]
    '1.0.0'
    """
    about = metadata_of(package.descriptor)
    dated = {"publication_date": about.released} if about.released else {}
    return json_bytes({"metadata": {**zenodo(package), "version": about.version, **dated}})


def deposit_commands(name: str, version: str, output: Path, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the commands that deposit a release, by service.

    Parameters
    ----------
    name, version
        Name and version of the release.
    output
        The folder that `readouts release` wrote.
    names
        The names of the files for Zenodo.

    Examples
    --------
    >>> deposit_commands("calls", "1.0.0", Path("dist"), ["calls-1.0.0.zip"])["Hugging Face"][0]
    'HUB=OWNER/calls # the dataset there: put the name of your account for OWNER'
    """
    folder, hub = output.as_posix(), (output / _HUB_FOLDER).as_posix()
    said = shlex.quote(f"Release {version}")
    read = """python3 -c 'import json, sys; print(json.load(sys.stdin)["links"]["{}"])'"""
    send = 'curl --fail --silent --show-error --header "Authorization: Bearer $ZENODO_TOKEN"'
    new = f"{send} --header 'Content-Type: application/json' --data @{shlex.quote(f'{folder}/{ZENODO_METADATA}')}"
    return {
        "Zenodo": (
            "ZENODO=https://zenodo.org/api # https://sandbox.zenodo.org/api to try it",
            "read -rs ZENODO_TOKEN # a token with deposit:write and deposit:actions",
            f'DEPOSIT=$({new} "$ZENODO/deposit/depositions")',
            f'BUCKET=$(printf %s "$DEPOSIT" | {read.format("bucket")})',
            *(
                f'{send} --upload-file {shlex.quote(f"{folder}/{each}")} "$BUCKET/{each}" --output /dev/null'
                for each in names
            ),
            f'printf %s "$DEPOSIT" | {read.format("html")} # look at it there; then publish it:',
            f'{send} --request POST "$(printf %s "$DEPOSIT" | {read.format("publish")})" --output /dev/null',
        ),
        "Hugging Face": (
            f"HUB=OWNER/{name} # the dataset there: put the name of your account for OWNER",
            f"readouts export {shlex.quote(f'{folder}/{name}-{version}.zip')} --to huggingface "
            f"--output {shlex.quote(hub)} --overwrite",
            f'sed -i.orig "s|OWNER/NAME|$HUB|" {shlex.quote(f"{hub}/{_CARD}")} && '
            f"rm {shlex.quote(f'{hub}/{_CARD}.orig')}",
            "hf auth login",
            'hf repo create "$HUB" --repo-type dataset --exist-ok',
            f'hf upload "$HUB" {shlex.quote(hub)} . --repo-type dataset --commit-message {said}',
            f'hf repo tag create "$HUB" v{version} --repo-type dataset --message {said}',
        ),
    }


def plan_deposits(output: str | os.PathLike[str] = "dist") -> tuple[Deposit, ...]:
    """Check what would be sent to Zenodo and Hugging Face of a release that was made; send nothing, and ask no network.

    Parameters
    ----------
    output
        The folder that `readouts release` wrote.

    Returns
    -------
    tuple of Deposit
        For each service its files with sizes and checksums, the metadata, the commands, and `problems`:
        files that are missing, additional or not those of the checksums, and metadata that the service would refuse.

    Raises
    ------
    ReadoutsError
        No release is in the folder.

    Examples
    --------
    >>> plan_deposits("nowhere")
    Traceback (most recent call last):
    readouts.datapackage.errors.ReadoutsError: No release is in nowhere: expected what `readouts release --output \
nowhere` writes.
    """
    folder = Path(output)
    try:
        entry = json.loads((folder / REGISTRY).read_text(encoding="utf-8"))
        name, version, archive = (str(entry[key]) for key in ("name", "version", "archive"))
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"No release is in {folder}: expected what `readouts release --output {folder}` writes."
        raise ReadoutsError(message) from error
    found = {path.name: _file(path) for path in sorted(folder.iterdir()) if path.is_file()}
    sent = {each: file for each, file in found.items() if each != ZENODO_METADATA}
    commands = deposit_commands(name, version, folder, [*sent])
    metadata, told = _metadata(folder, version, str(entry.get("released", "")))
    problems = (*_sums(folder, found), *_entry(entry, archive, found), *told, *_limits(sent))
    return (
        Deposit("Zenodo", sent, metadata, commands["Zenodo"], problems),
        _hub(folder / archive, commands["Hugging Face"]),
    )


def _file(path: Path) -> FileToSend:
    with path.open("rb") as opened:
        digest = sha256()
        while block := opened.read(1 << 20):
            digest.update(block)
    return FileToSend(path.stat().st_size, digest.hexdigest())


def _sums(folder: Path, found: Mapping[str, FileToSend]) -> Iterator[Problem]:
    """Yield where the files are not those of the checksums."""
    lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines() if CHECKSUMS in found else []
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    lists = {
        "missing": sorted(expected.keys() - found.keys()),
        "not the one that was made": sorted(
            name for name in expected.keys() & found.keys() if found[name].sha256 != expected[name]
        ),
        f"not in {CHECKSUMS}": sorted(found.keys() - expected.keys() - {CHECKSUMS}),
    }
    for what, names in lists.items():
        if names:
            fix = (
                f"Remove {'it' if len(names) == 1 else 'them'} from {folder}." if what.startswith("not in") else _AGAIN
            )
            yield Problem(f"{counted(len(names), 'file')} in {folder}: {what}.", fix, tuple(names))


def _entry(entry: Mapping[str, Any], archive: str, found: Mapping[str, FileToSend]) -> Iterator[Problem]:
    """Yield where the archive is not the one that `release.json` was written for."""
    known = found.get(archive)
    if known is None:
        yield Problem(f"{archive} isn't there, which {REGISTRY} names.", _AGAIN)
    elif (known.size, known.sha256) != (entry.get("bytes"), entry.get("sha256")):
        yield Problem(f"The size or SHA-256 of {archive} is not the one that {REGISTRY} says.", _AGAIN)


def _limits(sent: Mapping[str, FileToSend]) -> Iterator[Problem]:
    size = sum(file.size for file in sent.values())
    if len(sent) > _MOST_FILES or size > _MOST_BYTES:
        what = (
            f"A record of Zenodo holds {_MOST_FILES} files and {_MOST_BYTES:,} bytes: found {len(sent)} and {size:,}."
        )
        yield Problem(what, "Send fewer files, or ask Zenodo for more room.")


def _metadata(folder: Path, version: str, released: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return the metadata for Zenodo, and what is wrong with them."""
    try:
        metadata = json.loads((folder / ZENODO_METADATA).read_bytes())["metadata"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}, [Problem(f"{ZENODO_METADATA} isn't there, or is not JSON with `metadata`.", _AGAIN)]
    problems = _misfits("zenodo", metadata, ZENODO_METADATA)
    for key, expected in (("version", version), ("publication_date", released)):
        value = metadata.get(key) if isinstance(metadata, dict) else None
        if value != expected:
            problems.append(Problem(f"{ZENODO_METADATA}: `{key}` is {value!r}, expected {expected!r}.", _AGAIN))
    return (metadata if isinstance(metadata, dict) else {}), problems


def _hub(archive: Path, commands: tuple[str, ...]) -> Deposit:
    """Return what Hugging Face would be sent: the card and the Parquet files, made in a folder that is gone then."""
    service = "Hugging Face"
    with TemporaryDirectory(prefix="readouts-") as made:
        try:
            written = export(archive, "huggingface", made)
        except (PackageError, OSError) as error:
            return Deposit(service, {}, {}, commands, (Problem(f"The dataset can't be made: {error}", _AGAIN),))
        sent = {path.relative_to(made).as_posix(): _file(path) for path in written}
        text = (Path(made) / _CARD).read_text(encoding="utf-8")
    return Deposit(service, sent, *_card(text, sent, commands))


def _card(
    text: str, sent: Mapping[str, FileToSend], commands: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[str, ...], tuple[Problem, ...]]:
    """Return the header of a card, the commands, and what is wrong with it."""
    with requires_extra("Checking the card of a dataset", "toolkit"):
        import yaml

    fix = "Correct the descriptor, from which the card is made."
    _, _, rest = text.partition("---\n")
    try:
        header = yaml.safe_load(rest.partition("\n---\n")[0])
    except yaml.YAMLError as error:
        return {}, commands, (Problem(f"The header of {_CARD} is not YAML: {printable(str(error))}", fix),)
    problems = _misfits("card", header, _CARD, fix)
    configs = header.get("configs", []) if isinstance(header, dict) else []
    named = {config.get("data_files") for config in configs if isinstance(config, dict)}
    for path in sorted(named ^ {each for each in sent if each != _CARD}, key=str):
        problems.append(Problem(f"{_CARD} and the files differ: {path} is in one of them only.", fix))
    return (header if isinstance(header, dict) else {}), commands, tuple(problems)


def _misfits(
    schema: str, document: Any, name: str, fix: str = "Correct `annotations/corpus.yaml`, prepare and release again."
) -> list[Problem]:
    """Return what the rules of a service refuse in a document."""
    with requires_extra("Checking what is sent", "toolkit"):
        import jsonschema_rs

    rules = json.loads((files(__package__) / f"{schema}.schema.json").read_text(encoding="utf-8"))
    return [
        Problem(f"{name}: {'.'.join(map(str, error.instance_path)) or 'whole'}: {shortened(error.message, 200)}.", fix)
        for error in jsonschema_rs.validator_for(rules).iter_errors(document)
    ]
