"""`readouts new`: article, event, entity and corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.shell import AnnotationsPath, Form, command, report

__all__ = ["article", "corpus", "entity", "event"]


@command
def article(
    article_id: Annotated[str, typer.Argument(help="Id of the article: lower-case, joined by '-', '_' or '.'.")],
    title: Annotated[str, typer.Option(help="Title as published.")] = "",
    outlet: Annotated[str, typer.Option(help="Id or name of the outlet.")] = "",
    kind: Annotated[str, typer.Option(help="press, readout or repost.")] = "",
    url: Annotated[str, typer.Option(help="Address on the web.")] = "",
    published_on: Annotated[str, typer.Option(help="Date of publication, YYYY-MM-DD.")] = "",
    language: Annotated[str, typer.Option(help="Its language, such as en or zh-Hans.")] = "",
    event: Annotated[str, typer.Option(help="Id of the event that most of its statements are about.")] = "",
    annotations: AnnotationsPath = Path("annotations"),
    form: Form = "terminal",
) -> None:
    """Write the scaffold for annotating an article.

    Example: readouts new article herald-2031-05-02 --title "Leaders speak by phone"
    """
    from readouts.annotations.scaffold import new_article

    values = {"title": title, "outlet": outlet, "kind": kind, "url": url, "published_on": published_on}
    values |= {"language": language, "event": event}
    path = new_article(annotations, article_id, **values)
    report(form, {"path": str(path)}, f"Wrote {path}. Fill it in, then: readouts anchor {article_id} --texts DIR")


@command
def event(
    event_id: Annotated[str, typer.Argument(help="Id of the event: lower-case, joined by '-', '_' or '.'.")],
    title: Annotated[str, typer.Option(help="Title of the event.")] = "",
    kind: Annotated[str, typer.Option(help="call, meeting, visit, session, decision, letter or statement.")] = "",
    date: Annotated[str, typer.Option(help="Its date, YYYY-MM-DD.")] = "",
    annotations: AnnotationsPath = Path("annotations"),
    form: Form = "terminal",
) -> None:
    """Write the scaffold for annotating an event.

    Example: readouts new event call-2031-05-01 --kind call --date 2031-05-01
    """
    from readouts.annotations.scaffold import new_event

    path = new_event(annotations, event_id, title=title, kind=kind, date=date)
    report(form, {"path": str(path)}, f"Wrote {path}. Fill it in, then: readouts rebuild")


@command
def entity(
    entity_id: Annotated[str, typer.Argument(help="Id of the entity: lower-case, joined by '-', '_' or '.'.")],
    kind: Annotated[str, typer.Option(help="person, office, state and so on.")],
    name: Annotated[str, typer.Option(help="Its usual name in English.")],
    description: Annotated[str, typer.Option(help="Who or what it is. Default: the name.")] = "",
    country: Annotated[str, typer.Option(help="Its country, two letters.")] = "",
    alias: Annotated[list[str] | None, typer.Option(help="Another name; repeatable.")] = None,
    annotations: AnnotationsPath = Path("annotations"),
    form: Form = "terminal",
) -> None:
    """Add an entity to the registry.

    Example: readouts new entity jana-marek --kind person --name "Jana Marek" --alias Marek
    """
    from readouts.annotations.scaffold import new_entity

    values = {"kind": kind, "name": name, "description": description, "country": country}
    path = new_entity(annotations, entity_id, alias or (), **values)
    report(form, {"path": str(path)}, f"Added {entity_id} to {path}.")


@command
def corpus(
    folder: Annotated[Path, typer.Argument(help="Folder to create it in.")] = Path(),
    name: Annotated[str, typer.Option(help="Name of the corpus: lower-case letters, digits, '.', '_' and '-'.")] = "",
    title: Annotated[str, typer.Option(help="Title of the corpus.")] = "",
    form: Form = "terminal",
) -> None:
    """Make a new, empty corpus.

    Example: readouts new corpus calls --name border-calls --title "Calls about the border"
    """
    from readouts.annotations.scaffold import new_corpus

    path = new_corpus(folder, name=name, title=title)
    report(form, {"path": str(path)}, f"Wrote {path}. Fill it in, then add entities: readouts new entity ID")
