"""What the contracts use of pandera (https://pandera.readthedocs.io), without its remarks on other libraries."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Where PySpark is installed, pandera imports it as well, and that warns of the pandas it finds.
    warnings.simplefilter("ignore", FutureWarning)
    import pandera.polars as pa
    from pandera.config import ValidationDepth, config_context
    from pandera.constants import CHECK_OUTPUT_KEY
    from pandera.errors import SchemaErrorReason, SchemaErrors

__all__ = ["CHECK_OUTPUT_KEY", "SchemaErrorReason", "SchemaErrors", "ValidationDepth", "config_context", "pa"]
