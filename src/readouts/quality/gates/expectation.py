"""An expectation of our own for Great Expectations: a column's distribution stays near a given one.

The one that Great Expectations has, on Kullback-Leibler divergence, is infinite as soon as a value appears that the
older release doesn't have, and its unit doesn't show what to fix. Total variation is the share of rows that would have
to change.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from readouts.quality.gates.bounds import variation

if TYPE_CHECKING:
    from great_expectations.execution_engine.execution_engine import ExecutionEngine
    from great_expectations.expectations.expectation import BatchExpectation
    from great_expectations.validator.validator import ValidationDependencies

__all__ = ["register"]


@cache
def register() -> type[BatchExpectation]:
    """Make the expectation known to Great Expectations, which finds its class by the type that a suite's file names.

    The class is made inside a function because its base has to be imported for it, which takes seconds.
    """
    from great_expectations.compatibility import pydantic
    from great_expectations.expectations.expectation import ColumnAggregateExpectation
    from great_expectations.validator.metric_configuration import MetricConfiguration

    class ExpectColumnTotalVariationToBeAtMost(ColumnAggregateExpectation):
        """Expect the total variation distance of a column's distribution to a given one to be at most a threshold.

        `partition_object` is the distribution to compare with: `values` and their `weights`, which sum up to 1.
        `threshold` goes from 0 (the same distribution) to 1 (no value in common). Empty cells don't count.
        """

        partition_object: dict[str, Any] = pydantic.Field(description="Values and weights to compare with.")
        threshold: float | dict[str, Any] = pydantic.Field(description="The most that is allowed, 0 to 1.")

        success_keys: ClassVar[tuple[str, ...]] = ("partition_object", "threshold")

        def get_validation_dependencies(
            self,
            execution_engine: ExecutionEngine[Any] | None = None,
            runtime_configuration: dict[str, Any] | None = None,
        ) -> ValidationDependencies:
            """Ask for the counts of the values."""
            dependencies = super().get_validation_dependencies(execution_engine, runtime_configuration)
            dependencies.set_metric_configuration(
                "column.value_counts",
                MetricConfiguration(
                    metric_name="column.value_counts",
                    metric_domain_kwargs=self.configuration.get_domain_kwargs(),
                    metric_value_kwargs={"sort": "value"},
                ),
            )
            return dependencies

        def _validate(
            self,
            metrics: dict[str, Any],
            runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 (the base class calls it so)
            execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG002
        ) -> dict[str, Any]:
            kwargs = self.configuration.kwargs
            old = kwargs["partition_object"]
            counts = {str(value): int(count) for value, count in metrics["column.value_counts"].items()}
            total = sum(counts.values())
            new = {value: count / total for value, count in counts.items()}
            observed = variation(dict(zip(old["values"], old["weights"], strict=True)), new)
            partition = {"values": list(new), "weights": list(new.values())}
            return {
                "success": observed <= kwargs["threshold"],
                "result": {"observed_value": observed, "details": {"observed_partition": partition}},
            }

    return ExpectColumnTotalVariationToBeAtMost
