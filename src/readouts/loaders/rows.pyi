"""The rows of every table as Python types, generated from the schemas: change these, run `make docs`."""

from datetime import date
from typing import Any, Literal, TypedDict, overload

import pandas as pd

from readouts.datapackage.package.package import DataPackage

__all__ = [
    "Account",
    "Addressee",
    "Alignment",
    "AlignmentWide",
    "Article",
    "Attribution",
    "Carriage",
    "Claim",
    "Entity",
    "Event",
    "IdChange",
    "Participant",
    "Relation",
    "Span",
    "Statement",
    "StatementWide",
    "TypedRows",
    "type_name",
]

class Account(TypedDict):
    """One row of `accounts`."""

    account_id: str
    event_id: str
    issuer_id: str
    side: Literal["a", "b", "third"]
    kind: Literal["readout", "statement", "remarks"]
    issued_on: date | None
    original_language: str | None

class Addressee(TypedDict):
    """One row of `addressees`."""

    statement_id: str
    entity_id: str

class Alignment(TypedDict):
    """One row of `alignments`."""

    alignment_id: str
    statement_a: str
    statement_b: str
    aspect: Literal["claim", "wording"]
    relation: Literal[
        "same_claim",
        "quotes_verbatim",
        "quotes_altered",
        "translation_variant",
        "paraphrase",
        "weaker",
        "stronger",
        "contradicts",
        "in_tension",
        "supports",
    ]
    scope: Literal["same_side", "cross_side", "article_to_account", "third_party"]
    rationale: str
    made_by: str
    review: Literal["machine", "one_human", "two_humans", "adjudicated"]
    reviewed_by: list[str]

class AlignmentWide(TypedDict):
    """One row of `alignments_wide`."""

    alignment_id: str
    event_id: str
    aspect: Literal["claim", "wording"]
    relation: Literal[
        "same_claim",
        "quotes_verbatim",
        "quotes_altered",
        "translation_variant",
        "paraphrase",
        "weaker",
        "stronger",
        "contradicts",
        "in_tension",
        "supports",
    ]
    scope: Literal["same_side", "cross_side", "article_to_account", "third_party"]
    statement_a: str
    summary_a: str
    side_a: Literal["a", "b", "both", "third"]
    side_name_a: str | None
    chain_a: str | None
    article_a: str
    outlet_name_a: str | None
    claim_a: str | None
    group_a: Literal["contradicted", "in_tension", "both", "partly", "only_a", "only_b", "third"] | None
    statement_b: str
    summary_b: str
    side_b: Literal["a", "b", "both", "third"]
    side_name_b: str | None
    chain_b: str | None
    article_b: str
    outlet_name_b: str | None
    claim_b: str | None
    group_b: Literal["contradicted", "in_tension", "both", "partly", "only_a", "only_b", "third"] | None
    rationale: str
    made_by: str
    review: Literal["machine", "one_human", "two_humans", "adjudicated"]
    reviewed_by: list[str]

class Article(TypedDict):
    """One row of `articles`."""

    article_id: str
    outlet_id: str | None
    kind: Literal["press", "readout", "repost"]
    title: str
    url: str | None
    published_on: date | None
    retrieved_on: date | None
    language: str
    character_count: int
    word_count: int | None
    sha256_raw: str
    sha256_skeleton: str
    normaliser: Literal["skeleton-1"]
    rights: Literal["public_domain", "cc_by", "cc_by_sa", "no_redistribution"]
    archived_url: str | None

class Attribution(TypedDict):
    """One row of `attributions`."""

    statement_id: str
    depth: int
    seq: int
    entity_id: str | None
    label: str | None
    account_id: str | None

class Carriage(TypedDict):
    """One row of `carriages`."""

    account_id: str
    article_id: str
    completeness: Literal["verbatim", "excerpt", "reported"]
    is_translation: bool
    start: int | None
    end: int | None

class Claim(TypedDict):
    """One row of `claims`."""

    event_id: str
    claim_id: str
    statement_id: str
    group: Literal["contradicted", "in_tension", "both", "partly", "only_a", "only_b", "third"]
    topic: Literal[
        "call",
        "relations",
        "talks",
        "military",
        "sovereignty",
        "sanctions",
        "domestic_politics",
        "security",
        "rights",
        "economy",
        "humanitarian",
        "media",
        "other",
    ]

class Entity(TypedDict):
    """One row of `entities`."""

    entity_id: str
    kind: Literal["person", "office", "state", "government", "organisation", "outlet", "place", "group"]
    name: str
    description: str
    wikidata_id: str | None
    wikidata_status: Literal["verified", "candidate", "none"]
    wikidata_source: str | None
    country: str | None
    aliases: list[str]

class Event(TypedDict):
    """One row of `events`."""

    event_id: str
    kind: Literal["call", "meeting", "visit", "session", "decision", "letter", "statement"]
    title: str
    date: date | None
    date_precision: Literal["day", "week", "month", "year"] | None
    place_id: str | None
    parent_event_id: str | None
    side_a_id: str | None
    side_b_id: str | None

class IdChange(TypedDict):
    """One row of `id_changes`."""

    change_id: str
    table: Literal[
        "articles",
        "statements",
        "entities",
        "relations",
        "events",
        "participants",
        "accounts",
        "carriages",
        "attributions",
        "spans",
        "alignments",
    ]
    old_id: str
    version: str
    operation: Literal["renamed", "merged", "split", "removed"]
    new_id: str | None
    reason: str

class Participant(TypedDict):
    """One row of `participants`."""

    event_id: str
    entity_id: str
    role: Literal["principal", "mediator", "host", "subject"]
    side: Literal["a", "b", "third"]

class Relation(TypedDict):
    """One row of `relations`."""

    relation_id: str
    subject_id: str
    predicate: Literal[
        "AGREE",
        "CONSULT",
        "SUPPORT",
        "CONCEDE",
        "COOPERATE",
        "AID",
        "RETREAT",
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "PROTEST",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
        "holds_office",
        "part_of",
        "member_of",
        "represents",
    ]
    mode: (
        Literal[
            "visit",
            "third-party",
            "multilateral",
            "phone",
            "withdraw",
            "release",
            "disarm",
            "ceasefire",
            "access",
            "resign",
            "assist",
            "change",
            "yield",
            "meet",
            "disapprove",
            "investigate",
            "allege",
            "restrict",
            "arrest",
            "relations",
            "expel",
            "territory",
            "violence",
            "demo",
            "riot",
            "strike",
            "hunger",
            "boycott",
            "obstruct",
            "vandalize",
            "convict",
            "discontinue",
            "troops",
            "weapons",
            "police",
            "militia",
            "seize",
            "censor",
            "curfew",
            "martial-law",
            "deport",
            "withhold",
            "misinformation",
            "cyber",
            "abduct",
            "beat",
            "torture",
            "sexual",
            "targeted",
            "destroy",
            "primitive",
            "firearms",
            "explosives",
            "suicide-attack",
            "aerial",
            "drone",
            "heavy-weapons",
            "crowd-control",
            "unconventional",
        ]
        | None
    )
    object_id: str | None
    contexts: list[str]
    status: Literal["actual", "historical", "future", "hypothetical", "negated"]
    event_id: str | None
    article_id: str | None
    statement_id: str | None
    valid_from: date | None
    valid_to: date | None
    fit: Literal["exact", "approximate"]

class Span(TypedDict):
    """One row of `spans`."""

    span_id: str
    article_id: str
    role: Literal[
        "content",
        "cue",
        "source",
        "addressee",
        "quoted",
        "mention",
        "relation",
        "headline",
        "caption",
        "readout",
        "boilerplate",
    ]
    start: int
    end: int
    seq: int
    statement_id: str | None
    depth: int | None
    relation_id: str | None
    account_id: str | None
    entity_id: str | None
    skeleton_sha256: str
    skeleton_length: int
    prefix_sha256: str
    suffix_sha256: str

class Statement(TypedDict):
    """One row of `statements`."""

    statement_id: str
    article_id: str
    event_id: str | None
    speaker_id: str | None
    addressee_id: str | None
    form: Literal["direct", "indirect", "mixed", "free_indirect"]
    medium: Literal["speech", "writing", "thought"]
    act: Literal[
        "say",
        "stress",
        "claim",
        "report",
        "believe",
        "predict",
        "propose",
        "offer",
        "request",
        "urge",
        "demand",
        "warn",
        "threaten",
        "promise",
        "agree",
        "refuse",
        "accuse",
        "deny",
        "criticise",
        "justify",
        "express",
    ]
    topic: Literal[
        "call",
        "relations",
        "talks",
        "military",
        "sovereignty",
        "sanctions",
        "domestic_politics",
        "security",
        "rights",
        "economy",
        "humanitarian",
        "media",
        "other",
    ]
    polarity: Literal["positive", "negative", "unclear"]
    certainty: Literal["certain", "probable", "possible", "unknown"]
    modality: Literal["asserted", "proposed", "planned", "requested", "conditional", "normative", "presupposed"]
    start: int
    end: int
    summary: str
    parent_statement_id: str | None
    made_by: str
    review: Literal["machine", "one_human", "two_humans", "adjudicated"]
    reviewed_by: list[str]

class StatementWide(TypedDict):
    """One row of `statements_wide`."""

    statement_id: str
    summary: str
    side: Literal["a", "b", "third", "both"]
    side_name: str | None
    chain: str
    speaker_id: str | None
    speaker_name: str | None
    addressee_id: str | None
    addressee_name: str | None
    account_id: str | None
    event_id: str | None
    event_title: str | None
    event_date: date | None
    article_id: str
    article_title: str
    outlet_name: str | None
    published_on: date | None
    form: Literal["direct", "indirect", "mixed", "free_indirect"]
    medium: Literal["speech", "writing", "thought"]
    act: Literal[
        "say",
        "stress",
        "claim",
        "report",
        "believe",
        "predict",
        "propose",
        "offer",
        "request",
        "urge",
        "demand",
        "warn",
        "threaten",
        "promise",
        "agree",
        "refuse",
        "accuse",
        "deny",
        "criticise",
        "justify",
        "express",
    ]
    topic: Literal[
        "call",
        "relations",
        "talks",
        "military",
        "sovereignty",
        "sanctions",
        "domestic_politics",
        "security",
        "rights",
        "economy",
        "humanitarian",
        "media",
        "other",
    ]
    polarity: Literal["positive", "negative", "unclear"]
    certainty: Literal["certain", "probable", "possible", "unknown"]
    modality: Literal["asserted", "proposed", "planned", "requested", "conditional", "normative", "presupposed"]
    parent_statement_id: str | None
    start: int
    end: int
    made_by: str
    review: Literal["machine", "one_human", "two_humans", "adjudicated"]
    reviewed_by: list[str]

class TypedRows:
    """What type checkers know of a corpus: its tables as attributes, and the type of the rows of each."""

    _package: DataPackage

    accounts: pd.DataFrame
    addressees: pd.DataFrame
    alignments: pd.DataFrame
    alignments_wide: pd.DataFrame
    articles: pd.DataFrame
    attributions: pd.DataFrame
    carriages: pd.DataFrame
    claims: pd.DataFrame
    entities: pd.DataFrame
    events: pd.DataFrame
    id_changes: pd.DataFrame
    participants: pd.DataFrame
    relations: pd.DataFrame
    spans: pd.DataFrame
    statements: pd.DataFrame
    statements_wide: pd.DataFrame

    @overload
    def rows(self, table: Literal["accounts"]) -> list[Account]: ...
    @overload
    def rows(self, table: Literal["addressees"]) -> list[Addressee]: ...
    @overload
    def rows(self, table: Literal["alignments"]) -> list[Alignment]: ...
    @overload
    def rows(self, table: Literal["alignments_wide"]) -> list[AlignmentWide]: ...
    @overload
    def rows(self, table: Literal["articles"]) -> list[Article]: ...
    @overload
    def rows(self, table: Literal["attributions"]) -> list[Attribution]: ...
    @overload
    def rows(self, table: Literal["carriages"]) -> list[Carriage]: ...
    @overload
    def rows(self, table: Literal["claims"]) -> list[Claim]: ...
    @overload
    def rows(self, table: Literal["entities"]) -> list[Entity]: ...
    @overload
    def rows(self, table: Literal["events"]) -> list[Event]: ...
    @overload
    def rows(self, table: Literal["id_changes"]) -> list[IdChange]: ...
    @overload
    def rows(self, table: Literal["participants"]) -> list[Participant]: ...
    @overload
    def rows(self, table: Literal["relations"]) -> list[Relation]: ...
    @overload
    def rows(self, table: Literal["spans"]) -> list[Span]: ...
    @overload
    def rows(self, table: Literal["statements"]) -> list[Statement]: ...
    @overload
    def rows(self, table: Literal["statements_wide"]) -> list[StatementWide]: ...
    @overload
    def rows(self, table: str) -> list[Any]: ...

def type_name(table: str) -> str: ...
