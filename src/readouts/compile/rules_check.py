"""Whether what changed keeps the rules that join tables, judged by a process of their own where one was prepared.

Judging takes a fifth of a first rebuild: claims are made and tables are written meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from readouts.compile.worker_process import HelperError, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from readouts.compile.compiler import Compilation

__all__ = ["Question", "RulesCheck"]

Question = tuple[dict[str, bytes], set[str] | None]
"""Rows by table, in canonical form, and the tables of which a rule must read one to be asked; None asks every rule."""
Rules = tuple[dict[str, tuple[str, ...]], list[frozenset[str]]]
"""The columns that the rules read, by table, and the tables that each rule reads."""
_T = TypeVar("_T")


def _needs() -> Rules:
    """Return the columns that the rules read by table, and the tables that each rule reads."""
    from readouts.quality.rules.rules import BINDING, needed

    return needed(), [frozenset(rule.needs) for rule in BINDING]


def _keeps(question: Question) -> bool:
    import polars as pl

    from readouts.quality.rules.rules import needed
    from readouts.quality.rules.screen import keeps_rules

    texts, changed = question
    columns = needed()
    frames = {name: pl.read_csv(text, columns=list(columns[name]), infer_schema=False) for name, text in texts.items()}
    return keeps_rules(frames, changed)


class RulesCheck:
    """Judges, lot after lot, what of a compilation can have been brought to break a rule."""

    def __init__(self) -> None:
        self.helper = take()
        self._rules: Rules | None = None
        self._lots: Iterator[Question] = iter(())
        self._asked: Question | None = None
        self._compilation: Compilation | None = None
        self._kept = True

    def begin(self, compilation: Compilation) -> None:
        """Ask about the first lot of a compilation."""
        self._lots = iter(())
        self.proceed()
        self._compilation, self._kept, self._lots = compilation, True, self._questions(compilation)
        self.proceed()

    def proceed(self) -> None:
        """Wait for the answer to what was asked, and ask about the next lot."""
        if (asked := self._asked) is not None:
            self._kept = self._answer(lambda: _keeps(asked)) and self._kept
        self._asked = next(self._lots, None) if self._kept else None
        if self._asked is not None:
            self._ask(_keeps, self._asked)

    def proceed_if_answered(self) -> None:
        """Ask about the next lot, unless that means waiting."""
        if self.helper is not None and self._asked is not None and self.helper.answered():
            self.proceed()

    def kept(self) -> bool:
        """Return whether all rules are kept, once everything was judged; the store remembers that they are."""
        while self._asked is not None:
            self.proceed()
        if self._kept and self._compilation is not None and self._rules is not None:
            self._compilation.store.judged(self._rules[0])
        return self._kept

    def close(self) -> None:
        """End the process; from now on, this one judges."""
        if self.helper is not None:
            self.helper.close()
            self.helper = None

    def _ask(self, function: Callable[..., object], *arguments: object) -> None:
        try:
            if self.helper is not None:
                self.helper.ask(function, *arguments)
        except HelperError:
            self.close()

    def _answer(self, otherwise: Callable[[], _T]) -> _T:
        """Return the answer of the process or, without one or where it failed, that of this process."""
        try:
            if self.helper is not None:
                answer: _T = self.helper.answer()
                return answer
        except HelperError:
            self.close()
        return otherwise()

    def _questions(self, compilation: Compilation) -> Iterator[Question]:
        from readouts.compile.affected import suspects

        changed = {table for _, table, _ in compilation.store.unjudged()}
        for lot, tables in suspects(compilation):
            # No table is named where all of a file has to be judged.
            yield self._question(compilation, lot, tables if "" in changed else changed)

    def _question(self, compilation: Compilation, lot: list[str], changed: set[str] | None) -> Question:
        """Return the rows of some articles, and of the registry, that the rules read which can be broken."""
        from readouts.compile.affected import REGISTRY
        from readouts.corpus_schema.tables import tables
        from readouts.datapackage.table.canonical_csv import header

        if self._rules is None:
            self._ask(_needs)
            self._rules = self._answer(_needs)
        read = self._rules[1]
        wanted = frozenset().union(*(names for names in read if changed is None or not names.isdisjoint(changed)))
        parts = {name: [header(tables()[name]).encode()] for name in wanted}
        for name in REGISTRY & wanted:
            parts[name].append(compilation.store.rows(name))
        # Standing relations are written in the registry, and are rows of a table that articles fill.
        registries = [name for name, file in compilation.files.items() if file.kind == "entities"]
        for file in (*registries, *lot):
            for name, text in compilation.store.rows_of(file):
                if name in parts and name not in REGISTRY:
                    parts[name].append(text)
        return {name: b"".join(texts) for name, texts in parts.items()}, changed
