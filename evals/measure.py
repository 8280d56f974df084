"""A figure that runs are judged by: records → rows → one number with its interval."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from evals.stats import Array, Estimate, Statistic, estimate, mean

Rows = Sequence[tuple[float, ...]]

Guard = Literal["exact", "significant", "none"]
"""How the gate holds a figure: no drop at all, no significant drop, or not."""

Group = Literal[
    "promises", "retrieval", "answers", "citations", "abstention", "conversations", "guard", "speed", "judge"
]

Key = tuple[str, int, int]
"""(case, turn, place within the turn) of a row."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a figure over a run."""

    rows: Sequence[tuple[float, ...]]
    keys: Sequence[Key]

    @property
    def clusters(self) -> list[str]:
        """Of each row: its conversation."""
        return [case for case, _, _ in self.keys]


class Observed(Protocol):
    """What a figure is taken from."""

    @property
    def id(self) -> str: ...


AnyObserved = TypeVar("AnyObserved", bound=Observed)


@dataclass(frozen=True, slots=True)
class Measure(Generic[AnyObserved]):
    """A figure over records."""

    name: str
    group: Group
    meaning: str
    rows: Callable[[AnyObserved], Rows]
    """The rows a record gives, none where the figure does not apply; the statistic reads their columns."""
    statistic: Statistic = mean
    higher_is_better: bool = True
    guarded: Guard = "significant"

    def of(self, records: Iterable[AnyObserved]) -> Estimate | None:
        """The figure with its interval, clustered by case; None when it applies to no record."""
        table = self.table(records)
        return estimate(table.rows, table.clusters, self.statistic) if table.rows else None

    def table(self, records: Iterable[AnyObserved]) -> Table:
        """The rows of all records."""
        found = [
            (row, (record.id, int(getattr(record, "turn", 0)), n))
            for record in records
            for n, row in enumerate(self.rows(record))
        ]
        return Table([row for row, _ in found], [key for _, key in found])


def over(metric: Callable[[Array, Array, Array], float]) -> Statistic:
    return lambda rows, weights: metric(rows[:, 0], rows[:, 1], weights)
