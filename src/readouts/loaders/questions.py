"""Questions to a corpus: statements with names, their source chains, who said what to whom, and claims counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.analysis import overview as claims_counted
from readouts.analysis.comparison import MOST_TELLING, WORDING_COLUMNS, all_voices
from readouts.analysis.frames import frame_of
from readouts.analysis.sides import Parties, addressees_of, chain_text, steps_by_statement
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.package.package import DataPackage
from readouts.datapackage.suggest import did_you_mean
from readouts.loaders.arrow_tables import arrow_table
from readouts.loaders.pandas_frames import pandas_frame
from readouts.loaders.polars_frames import polars_frame
from readouts.loaders.schema_guard import question

if TYPE_CHECKING:
    import pandas as pd

    from readouts.analysis.sides import Row
    from readouts.loaders.table_access import TableAccess

__all__ = ["overview", "overview_frame", "quotations", "source_chain", "statements_with_names", "who_said_what"]


def statements_with_names(corpus: TableAccess) -> pd.DataFrame:
    """Return the statements with names, sides, chains, events and articles joined in; see `Corpus`."""
    import pandas as pd

    parties, steps = Parties.of(corpus.texts), steps_by_statement(corpus.texts("attributions"))
    names = parties.names
    # By id and not by place: the frame belongs to the user, who may have sorted it.
    statements = {row["statement_id"] or "": row for row in corpus.texts("statements")}
    sides = {name: parties.side(row, steps.get(name, ())) for name, row in statements.items()}
    called = {
        name: parties.side_name(parties.home(row, steps.get(name, ())), sides[name]) for name, row in statements.items()
    }
    chains = {name: chain_text(steps.get(name, ()), names) for name in statements}
    frame = corpus.table("statements").copy()
    text = frame["statement_id"].dtype
    frame["side"] = pd.Categorical(frame["statement_id"].map(sides), categories=["a", "b", "both", "third"])
    frame["side_name"] = frame["statement_id"].map(called).astype(text)
    frame["chain"] = frame["statement_id"].map(chains).astype(text)
    addressed = {
        name: " + ".join(names.get(entity, entity) for entity in entities)
        for name, entities in _addressees(corpus).items()
    }
    frame["speaker_name"] = frame["speaker_id"].map(names).astype(text)
    frame["addressee_name"] = frame["statement_id"].map(addressed).astype(text)
    events = corpus.table("events").set_index("event_id")
    frame["event_title"] = frame["event_id"].map(events["title"]).astype(text)
    frame["event_date"] = frame["event_id"].map(events["date"]).astype("datetime64[s]")
    articles = corpus.table("articles").set_index("article_id")
    frame["article_title"] = frame["article_id"].map(articles["title"]).astype(text)
    frame["outlet_name"] = frame["article_id"].map(articles["outlet_id"]).map(names).astype(text)
    frame["published_on"] = frame["article_id"].map(articles["published_on"]).astype("datetime64[s]")
    return frame


def _addressees(corpus: TableAccess) -> dict[str, tuple[str, ...]]:
    """Return to whom each statement was said; releases before 2.0 have no table of several addressees."""
    several = corpus.texts("addressees") if "addressees" in corpus.tables else []
    return addressees_of(corpus.texts("statements"), several)


def source_chain(corpus: TableAccess, statement: str) -> pd.DataFrame:
    """Return the steps that a statement came through, the outermost first; see `Corpus`."""
    steps = corpus.table("attributions")
    id_of("statement", statement, corpus.texts)
    chain = steps[steps["statement_id"] == statement].sort_values(["depth", "seq"], kind="stable")
    names = corpus.table("entities").set_index("entity_id")["name"]
    source = chain["label"].fillna(chain["entity_id"].map(names).astype(chain["label"].dtype))
    return chain.assign(source=source)[["depth", "seq", "source", "entity_id", "account_id"]].reset_index(drop=True)


def who_said_what(
    corpus: TableAccess, speaker: str | None = None, addressee: str | None = None, event: str | None = None
) -> pd.DataFrame:
    """Return who said what to whom, according to whom; see `Corpus`."""
    import pandas as pd

    frame = statements_with_names(corpus)
    names = {row["entity_id"] or "": row["name"] or "" for row in corpus.texts("entities")}
    deepest: dict[str, list[Row]] = {}
    for statement, steps in steps_by_statement(corpus.texts("attributions")).items():
        depth = max(int(step["depth"] or 0) for step in steps)
        deepest[statement] = [step for step in steps if int(step["depth"] or 0) == depth]
    ids = list(frame["statement_id"])
    speakers = [chain_text(deepest.get(each, []), names) or None for each in ids]
    frame["speaker"] = pd.Series(speakers, index=frame.index, dtype=object).astype(frame["statement_id"].dtype)
    frame = frame.rename(columns={"addressee_name": "addressee", "outlet_name": "outlet"})
    kept = pd.Series(True, index=frame.index)
    if speaker is not None:
        speaker = id_of("entity", speaker, corpus.texts)
        said = {each for each, steps in deepest.items() if any(step["entity_id"] == speaker for step in steps)}
        kept &= frame["statement_id"].isin(said)
    if addressee is not None:
        wanted = id_of("entity", addressee, corpus.texts)
        kept &= frame["statement_id"].isin([name for name, found in _addressees(corpus).items() if wanted in found])
    if event is not None:
        kept &= frame["event_id"] == id_of("event", event, corpus.texts)
    columns = ["speaker", "act", "addressee", "summary", "topic", "chain", "side", "side_name", "outlet", "event_date"]
    columns += ["statement_id", "speaker_id", "addressee_id", "event_id", "article_id"]
    return frame.loc[kept.fillna(value=False).astype(bool), columns].reset_index(drop=True)


def quotations(corpus: TableAccess, event: str | None = None) -> pd.DataFrame:
    """Return how the wordings of statements compare; see `Corpus`."""
    if event is not None:
        event = id_of("event", event, corpus.texts)
    voices, parties = {voice.statement_id: voice for voice in all_voices(corpus.texts)}, Parties.of(corpus.texts)
    rows = []
    for row in corpus.texts("alignments"):
        where = (row["alignment_id"] or "").rpartition(".")[0]
        if row["relation"] in MOST_TELLING and where == (event or where):
            found = {"event_id": where, **{name: row[name] for name in ("relation", "scope")}}
            for letter in ("a", "b"):
                voice = voices[row[f"statement_{letter}"] or ""]
                found |= voice.cells(letter, parties.side_name(where, voice.side))
            rows.append({**found, "rationale": row["rationale"]})
    kinds = dict.fromkeys(["event_id", *WORDING_COLUMNS], "text")
    frame = frame_of(rows, kinds, {"relation": MOST_TELLING})
    return frame.sort_values(["relation", "event_id", "statement_a", "statement_b"], kind="stable", ignore_index=True)


FRAMES = {"pandas": pandas_frame, "polars": polars_frame, "arrow": arrow_table}


@question
def overview(corpus: TableAccess, by: str) -> claims_counted.Overview:
    """Return the claims of all events, counted; see `readouts.analysis.overview`."""
    return claims_counted.overview(corpus.texts, by)


def overview_frame(corpus: TableAccess, by: str, to: str) -> Any:
    """Return the claims of all events, counted, as a frame of a library; see `Corpus`."""
    if to not in FRAMES:
        message = f"Unknown library '{to}'. {did_you_mean(to, FRAMES)}"
        raise ArgumentError(message)
    found = overview(corpus, by)
    if to == "pandas":
        return found.to_frame()
    # A table in memory, so that its columns become what those of any other table become.
    table = {"name": "overview", "data": found.to_csv(), "format": "csv", "schema": {"fields": found.fields}}
    return FRAMES[to](DataPackage(corpus.package.root, {"name": corpus.name, "resources": [table]}), "overview")
