"""Where the files that belong to the package lie: inside an installed wheel, or in a checkout."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from readouts.datapackage.errors import ReadoutsError

__all__ = ["EXTRA_FILES", "SCHEMAS_VARIABLE", "bundled_guideline", "bundled_package", "bundled_schemas"]

SCHEMAS_VARIABLE = "READOUTS_SCHEMAS"
"""Environment variable that names another folder of schemas: those of the time, for a release of the past.

It is a variable rather than an option, because the processes that read annotations side by side need it too, before
they import anything.
"""

EXTRA_FILES = ("data/README.md", "CITATION.cff", "LICENSE-DATA")
"""Files of a release that its descriptor doesn't name: the codebook, how to cite it, and the licence of its data."""


@cache
def _home() -> Path:
    """Return the folder with `datapackage.json` and `schemas/` that this installation came with."""
    here = Path(__file__).resolve().parents[1]
    checkout = here.parents[1]
    for folder in (here / "bundled", checkout):
        if (folder / "schemas").is_dir():
            return folder
    message = f"The schemas that belong to readouts are in neither {here / 'bundled'} nor {checkout}: reinstall it."
    raise ReadoutsError(message)


def bundled_package() -> Path:
    """Return the folder of the release that ships with this installation.

    Examples
    --------
    >>> (bundled_package() / "datapackage.json").is_file()
    True
    """
    return _home()


def bundled_schemas() -> Path:
    """Return the folder of Table Schemas that ships with this installation, or that `READOUTS_SCHEMAS` names.

    Examples
    --------
    >>> (bundled_schemas() / "articles.schema.json").is_file()
    True
    """
    named = os.environ.get(SCHEMAS_VARIABLE)
    return Path(named) if named else _home() / "schemas"


def bundled_guideline() -> Path:
    r"""Return the guideline on how an article is annotated that ships with this installation.

    Examples
    --------
    >>> bundled_guideline().read_text(encoding="utf-8").partition("\n")[0]
    '# Guideline for annotators'
    """
    return _home() / "docs" / "annotating.md"
