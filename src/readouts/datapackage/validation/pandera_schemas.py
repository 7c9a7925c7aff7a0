"""Schemas of pandera (https://pandera.readthedocs.io) as checks of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.table.typed_frame import ROW
from readouts.datapackage.validation.import_guard import without

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

__all__ = ["failures"]


def failures(schema: Any, frame: pl.DataFrame) -> Iterator[tuple[str, str | None, list[Any]]]:
    """Yield what breaks a schema: what was expected, the column, and the rows, or `[None]` for the whole table.

    Raises
    ------
    RuntimeError
        A check of the schema crashed.
    """
    with without("pyspark"):
        from pandera.config import ValidationDepth, config_context
        from pandera.constants import CHECK_OUTPUT_KEY
        from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

    # The environment can turn pandera off.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            schema.validate(frame.drop(ROW), lazy=True)
        except SchemaErrors as errors:
            found: list[SchemaError] = list(errors.schema_errors)
        else:
            return
    for error in found:
        if error.reason_code is SchemaErrorReason.CHECK_ERROR:
            raise RuntimeError(str(error))
        name = getattr(error.schema, "name", None)
        column = name if name in frame.columns else None
        output = error.check_output
        if output is None or output.height != frame.height:
            yield f"Expected what the schema says; found: {str(error)[:300].rstrip('.')}.", column, [None]
            continue
        failing = frame[ROW].filter(~output[CHECK_OUTPUT_KEY].fill_null(value=True)).to_list()
        expected = (
            "a value"
            if error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS
            else getattr(error.check, "error", None)
        )
        yield f"Expected {expected or error.check}{f' for {column}' if column else ''}.", column, failing
