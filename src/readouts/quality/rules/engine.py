"""What the contracts use of pandera (https://pandera.readthedocs.io)."""

from __future__ import annotations

from readouts.datapackage.validation.import_guard import without

with without("pyspark"):
    import pandera.polars as pa
    from pandera.config import ValidationDepth, config_context
    from pandera.constants import CHECK_OUTPUT_KEY
    from pandera.errors import SchemaErrorReason, SchemaErrors

__all__ = ["CHECK_OUTPUT_KEY", "SchemaErrorReason", "SchemaErrors", "ValidationDepth", "config_context", "pa"]
