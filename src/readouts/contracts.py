"""The typed contracts of the corpus's tables, for frames of your own.

Each table is an attribute. `validate` holds a frame, of pandas or Polars, typed as `readouts.load()` gives it or as the
texts of a CSV file, to the schema of its table and to the rules that its rows keep by themselves. The function
`validate` of this module holds several tables to what joins them as well.

Examples
--------
>>> import readouts
>>> from readouts import contracts
>>> corpus = readouts.load()
>>> len(contracts.statements.validate(corpus.statements)) == len(corpus.statements)
True
>>> contracts.validate(corpus) is corpus
True
>>> late = corpus.relations.assign(predicate="CONSULT", mode="meet")
>>> try:
...     contracts.relations.validate(late.head(1))
... except readouts.datapackage.errors.ContractError as error:
...     print(error.incidents[0].code, error.incidents[0].message)
mode-misfit Expected a mode of CONSULT (visit, third-party, multilateral, phone); found 'meet'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ContractError
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.words import counted
from readouts.loaders import Corpus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandera.polars import DataFrameSchema

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.schema.model import Table

__all__ = ["Contract", "validate"]

_SHOWN = 5
"""Findings that the message of an error lists."""

Frame = TypeVar("Frame")
Tables = TypeVar("Tables", bound="Corpus | Mapping[str, Any]")


@dataclass(frozen=True)
class Contract:
    """The contract of one table.

    Attributes
    ----------
    table
        The table as its schema tells it.
    """

    table: Table

    @property
    def schema(self) -> DataFrameSchema:
        """The contract as a schema of pandera's Polars backend: columns, constraints, keys and rules of its rows.

        Examples
        --------
        >>> contract = Contract(tables()["accounts"])
        >>> contract.schema.columns["issued_on"].nullable
        True
        """
        from readouts.quality.rules.compiler import dataframe_schema

        return dataframe_schema(self.table)

    def validate(self, frame: Frame) -> Frame:
        """Hold a frame to the contract.

        Parameters
        ----------
        frame
            A frame of pandas or Polars with the columns of the table: typed as `readouts.load()` gives them, or texts
            as in the CSV file. Texts are converted as the schema says; a whole number may be a float, a day
            its midnight.

        Returns
        -------
        frame
            The same frame.

        Raises
        ------
        ContractError
            It breaks the contract. `incidents` has every finding, with its row (1 is the first) and primary key.
        """
        return _held(frame, {self.table.name: frame}, across=False)


def validate(corpus: Tables) -> Tables:
    """Hold tables to their contracts, their references, and the rules that join them.

    Parameters
    ----------
    corpus
        What `readouts.load()` gives, or frames by the name of their table. References to tables that aren't there, and
        rules that need them, are passed over.

    Returns
    -------
    Corpus or Mapping
        The same object.

    Raises
    ------
    ContractError
        Something breaks a contract; `incidents` has every finding.

    Examples
    --------
    >>> import pandas as pd
    >>> taken_part = pd.DataFrame({"event_id": ["e"], "entity_id": ["nobody"], "role": ["host"], "side": ["a"]})
    >>> entities = pd.DataFrame(columns=tables()["entities"].field_names)
    >>> validate({"participants": taken_part, "entities": entities})
    Traceback (most recent call last):
    ...
    readouts.datapackage.errors.ContractError: 1 finding in participants.
      participants row 1 entity_id: Expected a key of entities; found 'nobody'. (foreign-key)
    """
    frames = {name: corpus.table(name) for name in corpus.tables} if isinstance(corpus, Corpus) else dict(corpus)
    for name in frames:
        _known(name)
    return _held(corpus, frames, across=True)


def _held(given: Frame, frames: Mapping[str, Any], *, across: bool) -> Frame:
    from readouts.quality.rules.tables import check_frames

    found = check_frames(frames, across=across)
    if found:
        raise ContractError(_message(found), found)
    return given


def _message(found: list[Incident]) -> str:
    names = ", ".join(dict.fromkeys(finding.table or "" for finding in found))
    lines = [f"{counted(len(found), 'finding')} in {names}."]
    lines += [f"  {finding.place()}: {finding.message} ({finding.code})" for finding in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"  and {len(found) - _SHOWN:,} more: see the attribute 'incidents' of this error.")
    return "\n".join(lines)


def _known(name: str) -> None:
    if name not in tables():
        message = f"The corpus has no table '{name}'. {did_you_mean(name, tables())}"
        raise ContractError(message)


def __getattr__(name: str) -> Contract:
    if name.startswith("_") or name not in tables():
        hint = "" if name.startswith("_") else f" {did_you_mean(name, tables())}"
        message = f"The corpus has no table '{name}'.{hint}"
        raise AttributeError(message)
    return Contract(tables()[name])


def __dir__() -> list[str]:
    return sorted([*__all__, *tables()])
