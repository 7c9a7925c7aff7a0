"""Names and cells that are chosen to hurt: SQL, formulas, names that differ in case only."""

from __future__ import annotations

__all__ = ["FORMULAS", "HOSTILE_FIELDS", "HOSTILE_TABLE"]

HOSTILE_TABLE = 'drop table "lakes"; -- [a/b]: a name that is longer than a sheet of Excel allows'
HOSTILE_FIELDS = ('select "x"', "a,b", "=1+1", "über", "Name", "name", "rowid", "it's")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\ttab", '=HYPERLINK("http://example.org")')
