"""The figures for the committee: of one procedure, over the months that were asked for."""

from dataclasses import dataclass

from core.policy import Policies
from core.policy.model import Procedure
from validation.statistics.charts import Chart
from validation.statistics.figures import by_month, by_type, total
from validation.statistics.periods import Period
from validation.statistics.presenting import counts_chart, days_chart, month_lines, type_lines
from validation.statistics.reading import happened
from validation.statistics.tables import (
    ASKED,
    DAYS,
    DECIDED,
    HOURS,
    ON_TIME,
    OPEN,
    RECEIVED,
    Line,
    Table,
    outcome_columns,
)

COLUMNS = (RECEIVED, DECIDED, OPEN, *DAYS, ON_TIME)


@dataclass(frozen=True)
class Overview:
    """All that the page of the committee shows; what is in one file is on the page in several tables."""

    together: Line
    months: Table
    types: Table
    outcomes: Table
    hours: Table | None  # only where hours are granted
    counts: Chart
    days: Chart

    @property
    def tables(self) -> dict[str, Table]:
        """By the names that an address uses."""
        more = [*self.outcomes.columns[1:], *(self.hours.columns if self.hours else ())]
        return {"maand": self.months, "soort": Table("Soort", (*self.types.columns, *more), self.types.lines)}


def overview(procedure: str, period: Period, policies: Policies) -> Overview:
    """The figures as this member may see them."""
    found, length = happened(procedure, period, policies), len(period.months)
    months = by_month(period.months, found.facts, found.flows)
    types = by_type(length, found.facts, found.flows)
    lines = type_lines(types, total(length, found.facts, found.flows), policies)
    return Overview(
        together=lines[-1],
        months=Table("Maand", COLUMNS, month_lines(months)),
        types=Table("Soort", COLUMNS, lines),
        outcomes=Table("Soort", (DECIDED, *outcome_columns(procedure), ASKED), lines),
        hours=Table("Soort", HOURS, lines) if procedure == Procedure.VALIDATION else None,
        counts=counts_chart(months),
        days=days_chart(months),
    )
