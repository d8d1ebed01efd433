"""The figures that everybody may see: of validation, over months that are over, and without small groups.

A period of one's own choice, or figures that change with every decision, would tell of single cases by their
difference. The one figure that is of now is how many cases are open.
"""

from dataclasses import dataclass

from flask import current_app

from core import clock
from core.kept import Kept
from core.policy import Policies
from core.policy.loading import current_policies
from core.policy.model import Procedure
from validation.states import Outcome
from validation.statistics.charts import Chart
from validation.statistics.figures import by_month, by_type, open_after, total
from validation.statistics.periods import Period, last_full_year
from validation.statistics.presenting import counts_chart, days_chart, month_lines, type_lines
from validation.statistics.reading import happened
from validation.statistics.small_groups import kept_back
from validation.statistics.tables import ASKED, DAYS, DECIDED, RECEIVED, Line, Table, outcome_column

EXTENSION = "public_figures"
KEPT_FOR = 600.0  # seconds; the page says nothing of today but how many cases are open
TYPE_COLUMNS = (
    DECIDED,
    *DAYS,
    outcome_column(Outcome.APPROVED),
    outcome_column(Outcome.TEMPORARILY_REJECTED),
    ASKED,
)


@dataclass(frozen=True)
class PublicFigures:
    """All that the public page shows."""

    period: Period
    open_now: int
    together: Line
    months: Table
    types: Table
    counts: Chart
    days: Chart

    @property
    def is_something_kept_back(self) -> bool:
        """Whether to explain it."""
        return any(line.is_kept_back for table in self.tables.values() for line in table.lines)

    @property
    def tables(self) -> dict[str, Table]:
        """By the names that an address uses."""
        return {"maand": self.months, "soort": self.types}


def public_figures() -> PublicFigures:
    """What the running application tells everybody."""
    kept: Kept[PublicFigures] = current_app.extensions.setdefault(EXTENSION, Kept(KEPT_FOR))
    period = last_full_year(clock.today())
    return kept.get(period, lambda: _read(period, current_policies()))


def _read(period: Period, policies: Policies) -> PublicFigures:
    """The same for whoever asks: cases that a member must not see are in it, as they are for everybody else."""
    found, length = happened(Procedure.VALIDATION, period, policies, for_all=True), len(period.months)
    months, types = by_month(period.months, found.facts, found.flows), by_type(length, found.facts, found.flows)
    few_months = kept_back({month: figures.decided for month, figures in months.items()})
    few_types = kept_back({code: figures.decided for code, figures in types.items()})
    lines = type_lines(types, total(length, found.facts, found.flows), policies, few_types)
    return PublicFigures(
        period=period,
        open_now=open_after(found.flows, length + 1),
        together=lines[-1],
        months=Table("Maand", (RECEIVED, DECIDED, *DAYS), month_lines(months, few_months)),
        types=Table("Soort", TYPE_COLUMNS, lines),
        counts=counts_chart(months, few_months),
        days=days_chart(months, few_months),
    )
