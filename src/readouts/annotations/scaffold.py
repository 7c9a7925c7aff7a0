"""`readouts new`: the first form of an article's or an event's file."""

from __future__ import annotations

import datetime
import re
import textwrap
from typing import TYPE_CHECKING

from readouts.annotations.forms import ARTICLE, ENTITY, EVENT, NAME, REGION_ROLES, Form, column
from readouts.annotations.json_schema import annotation_schemas
from readouts.annotations.values import Mapping, Scalar, Sequence, double_quoted
from readouts.corpus_schema.naming import chosen
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from readouts.annotations.values import Node

__all__ = ["new_article", "new_corpus", "new_entity", "new_event"]


def _labels(table: str, names: str) -> str:
    """Return the labels of columns as comments, in lines of at most 120 characters."""
    found = [(name, tables()[table].field(name).constraints.enum or ()) for name in names.split()]
    return "".join(map(_comments, (f"{name}: {', '.join(labels)}" for name, labels in found)))


def _comments(text: str) -> str:
    return textwrap.fill(text, 116, initial_indent="  ## ", subsequent_indent="  ##   ", break_on_hyphens=False) + "\n"


def _predicates() -> str:
    """Return the predicates with their modes, and the contexts, as comments."""
    plover = load_plover()
    modes = (f"{name} ({', '.join(modes)})" if modes else name for name, modes in plover.modes.items())
    return _comments(f"PREDICATE (and its modes): {', '.join(modes)}") + _comments(
        f"contexts: {', '.join(plover.contexts)}"
    )


def _examples() -> dict[str, str]:
    """Return what is written below a key that holds lists and mappings: its labels, and an example."""
    regions = f"  ## role: {', '.join(REGION_ROLES)}\n"
    return {
        "carries": _labels("carriages", "completeness")
        + "  # account-id: {completeness: reported, is_translation: false}\n",
        "regions": regions + '  # - {role: headline, at: "words of the text"}\n',
        "defaults": _labels("statements", "form medium polarity certainty")
        + "  # form: indirect\n  # medium: speech\n  # polarity: positive\n  # certainty: certain\n"
        + "  # relations: {status: actual, fit: exact}\n",
        "chains": '  # office: {entity: , account: , at: "Name", cue: "said"}\n',
        "statements": _labels("statements", "act topic modality")
        + "  # s01:\n  #   act:\n  #   topic:\n  #   modality:\n"
        + "  #   summary:            # own words, at most 200 characters\n"
        + '  #   content: "words of the text"\n'
        + '  #   sources: [{entity: , at: "Name", cue: "said"}]   # outermost first; or the name of a chain\n',
        "mentions": '  # entity-id: ["Name", {quote: "Name", occurrence: 2}]\n',
        "relations": _predicates()
        + _labels("relations", "status fit")
        + '  # r01: {edge: subject-id CONSULT/phone object-id, statement: s01, at: "words of the text"}\n',
        "participants": _labels("participants", "role side") + "  # entity-id: {role: principal, side: a}\n",
        "accounts": _labels("accounts", "kind")
        + "  # account-id: {issuer: , side: a, kind: readout, issued_on: , original_language: }\n",
        "alignments": _labels("alignments", "relation scope")
        + "  # a01: {a: article.s01, b: article.s02, relation: same_claim, scope: cross_side, rationale: }\n",
    }


_REVIEW = {"review": "machine"}


def _comment(form: Form, column: str | None, *, required: bool) -> str:
    if column is None:
        return ""
    field = tables()[form.table].field(column)
    enum = field.constraints.enum
    says = ", ".join(enum) if enum is not None else field.title
    return f"  # {'' if required else 'optional: '}{says}"


def _scaffold(form: Form, values: dict[str, str], skip: frozenset[str]) -> str:
    lines, examples = [], _examples()
    for key in form.keys:
        if key.name in skip:
            continue
        if key.name in examples:
            lines.append(f"{key.name}:\n{values.get(key.name, '')}{examples[key.name]}")
            continue
        value = values.get(key.name, "")
        head = f"{key.name}: {value}".rstrip()
        lines.append(f"{head}{'' if value else _comment(form, key.column, required=key.required)}\n")
    return "".join(lines)


def _check_options(form: Form, folder: Path, values: dict[str, str]) -> None:
    """Put ids for names, or raise an error that says everything that is wrong; a title may be any text."""
    problems = []
    for name, given in list(values.items()):
        value = given
        filled = column("statements", "event_id") if name == "event" else form.columns[name]
        if value and filled is not None and filled.target in {"entities", "events"}:
            try:
                value = values[name] = _id_of(folder, filled.target, value)
            except UnknownIdError as error:
                problems.append(f"--{name}: {error}")
                continue
        problem = None if filled is None or name == "title" or not value else filled.problem(value)
        known: Collection[str] = (filled and filled.field.constraints.enum) or ()
        if problem is not None:
            option = name.replace("_", "-")
            expected = problem[1].partition(". ")[0].removesuffix(".")
            hint = f" {did_you_mean(value, known)}" if known else ""
            problems.append(f"--{option}: expected {expected}; found '{value}'.{hint}")
    if problems:
        message = "\n".join([*problems, "Nothing was written."])
        raise ReadoutsError(message)


def _id_of(folder: Path, table: str, value: str) -> str:
    """Return the id of an entity or event that the annotations have; the value itself where they have no registry."""
    path = folder / "entities.yaml"
    if table == "events":
        return chosen(value, "event", {each.stem: () for each in (folder / "events").glob("*.yaml")}, str(folder))
    if not path.is_file():
        return value
    entities = _registry(path).items.get("entities")
    known = entities.items if isinstance(entities, Mapping) else {}
    return chosen(value, "entity", {name: _names_of(entity) for name, entity in known.items()}, str(path))


def _names_of(entity: Node) -> list[str]:
    """Return name and aliases of an entity of the registry."""
    cells = entity.items if isinstance(entity, Mapping) else {}
    aliases = cells.get("aliases")
    found = [cells.get("name"), *(aliases.items if isinstance(aliases, Sequence) else [])]
    return [each.value for each in found if isinstance(each, Scalar) and each.value]


def _registry(path: Path) -> Mapping:
    """Return the mapping of `entities.yaml`."""
    from readouts.annotations.nodes import YamlError, decode, parse

    try:
        return parse(decode(path, path.name), path.name)
    except YamlError as error:
        message = f"{error} Nothing was written."
        raise ReadoutsError(message) from error


def _schema_line(folder: Path, kind: str) -> str:
    """Return the line that names the JSON Schema for editors, if it lies next to the annotations or in them."""
    for schemas, address in (
        (folder / ".schemas", "../.schemas"),
        (folder.parent / "schemas" / "annotations", "../../schemas/annotations"),
    ):
        if (schemas / f"{kind}.json").is_file():
            return f"# yaml-language-server: $schema={address}/{kind}.json\n"
    return ""


def _quoted(value: str) -> str:
    plain = re.fullmatch(r"[^\W_][^:#]*[^\s:#]", value) is not None and value.isprintable() and value != "null"
    return value if plain else double_quoted(value)


def _write(folder: Path, name: str, table: str, text: str) -> Path:
    column = tables()[table].primary_key[0]
    problem = tables()[table].field(column).problem(name)
    path = folder / f"{name}.yaml"
    if problem is not None:
        message = f"'{name}' can't be the id of one of the {table}: expected {problem[1]}."
        raise ReadoutsError(message)
    if path.exists():
        message = f"{path} already exists; nothing was written. Edit it, or use another id."
        raise ReadoutsError(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, text.encode())
    return path


def new_article(folder: Path, article_id: str, **values: str) -> Path:
    """Write the scaffold of an article's file; `values` fill keys of the form, `event` that of its defaults.

    Raises
    ------
    ReadoutsError
        The id or a value can't be one, an id is unknown, or the file already exists.
    """
    _check_options(ARTICLE, folder, values)
    event = values.pop("event", "")
    given = {"language": "en", "rights": "no_redistribution", "made_by": "", **_REVIEW}
    given |= {name: _quoted(value) for name, value in values.items() if value}
    if event:
        given["defaults"] = f"  event: {event}\n"
    text = _schema_line(folder, "article") + _scaffold(ARTICLE, given, frozenset(["text"]))
    return _write(folder / "articles", article_id, "articles", text)


def new_event(folder: Path, event_id: str, **values: str) -> Path:
    """Write the scaffold of an event's file; `values` fill keys of the form.

    Raises
    ------
    ReadoutsError
        The id or a value can't be one, an id is unknown, or the file already exists.
    """
    _check_options(EVENT, folder, values)
    given = {"date_precision": "day", **_REVIEW}
    given |= {name: _quoted(value) for name, value in values.items() if value}
    return _write(
        folder / "events", event_id, "events", _schema_line(folder, "event") + _scaffold(EVENT, given, frozenset())
    )


def new_entity(folder: Path, entity_id: str, aliases: Collection[str] = (), **values: str) -> Path:
    """Add an entity to the end of the entities in `entities.yaml`; everything else stays as it is.

    Raises
    ------
    ReadoutsError
        The id or a value can't be one, the id already exists, or the entry can't be put into the file.
    """
    from readouts.annotations.nodes import YamlError, decode, parse

    if (problem := column("entities", "entity_id").problem(entity_id)) is not None:
        message = f"'{entity_id}' can't be the id of one of the entities: expected {problem[1]}."
        raise ReadoutsError(message)
    values = {"description": values.get("name", ""), **{name: value for name, value in values.items() if value}}
    _check_options(ENTITY, folder, values)
    path = folder / "entities.yaml"
    if not path.is_file():
        message = f"{path} isn't there. Make a corpus first: readouts new corpus."
        raise ReadoutsError(message)
    node = _registry(path).items.get("entities")
    text = decode(path, path.name)
    entities = node.items if isinstance(node, Mapping) else {}
    if entity_id in entities:
        message = f"'{entity_id}' already exists in {path}; nothing was written. Edit it, or use another id."
        raise ReadoutsError(message)
    cells = {name: _quoted(values[name]) for name in ENTITY.names if values.get(name)}
    if aliases:
        cells["aliases"] = f"[{', '.join(double_quoted(each) for each in aliases)}]"
    indent = "  "
    if isinstance(node, Mapping) and entities:
        indent = " " * (next(iter(node.keys.values())).column - 1)
    entry = f"{indent}{entity_id}:\n" + "".join(f"{indent}{indent}{name}: {cell}\n" for name, cell in cells.items())
    if entities and isinstance(node, Mapping):
        end = text.find("\n", node.end - 1)
        made = f"{text}\n{entry}" if end < 0 else text[: end + 1] + entry + text[end + 1 :]
    else:
        made = re.sub(r"(?m)^entities:[ ]*(\{\})?[ ]*(#.*)?$\n?", lambda _: f"entities:\n{entry}", text, count=1)
    try:
        found = parse(made, path.name).items.get("entities")
        added = isinstance(found, Mapping) and list(found.items) == [*entities, entity_id]
    except YamlError:
        added = False
    if not added:
        message = f"The entry can't be put into {path}; nothing was written. Add it by hand:\n{entry}"
        raise ReadoutsError(message)
    replace_file(path, made.encode())
    return path


def new_corpus(folder: Path, **values: str) -> Path:
    """Make the annotations of a new corpus in a folder, with the JSON Schemas for editors.

    Raises
    ------
    ReadoutsError
        The name can't be one, or one of the files already exists.
    """
    annotations = folder / "annotations"
    name = values.get("name") or "my-corpus"
    if NAME.fullmatch(name) is None:
        message = f"--name: expected lower-case letters, digits, '.', '_' and '-'; found '{name}'. Nothing was written."
        raise ReadoutsError(message)
    files = {annotations / ".schemas" / file: text for file, text in annotation_schemas().items()}
    head = "# yaml-language-server: $schema=.schemas/{}.json\n"
    today = datetime.datetime.now(tz=datetime.UTC).date()
    files[annotations / "corpus.yaml"] = head.format("corpus") + _CORPUS.format(
        name=double_quoted(name), title=double_quoted(values.get("title") or name), today=today
    )
    files[annotations / "entities.yaml"] = head.format("entities") + "entities: {}\n"
    files[folder / ".gitignore"] = "drafts/\ntexts/\n.readouts/\n"
    if there := [str(path) for path in files if path.exists()]:
        message = f"{', '.join(there)} already exists; nothing was written. Use another folder."
        raise ReadoutsError(message)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())
    return annotations / "corpus.yaml"


_CORPUS = """\
name: {name}
title: {title}
description: {title}
version: 0.1.0
released: {today}
licenses:
  - name: CC-BY-4.0
    title: Creative Commons Attribution 4.0 International
    path: https://creativecommons.org/licenses/by/4.0/
contributors:
  - {{title: Your name, roles: [creator]}}
"""
