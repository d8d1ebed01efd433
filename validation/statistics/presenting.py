"""Figures as lines of tables and as charts, named in Dutch. Knows no request."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from core.formatting import dutch_month, short_month
from core.policy import Policies
from validation.statistics.asking import typed_month
from validation.statistics.charts import Chart, Month, Series, chart
from validation.statistics.figures import Figures
from validation.statistics.small_groups import LEAST
from validation.statistics.tables import Line

NO_TYPE = "Zonder soort"
ALL = "Alles samen"


def month_lines(found: Mapping[date, Figures], kept_back: Collection[date] = ()) -> list[Line]:
    """A line per month."""
    return [
        Line(dutch_month(month), figures, typed_month(month), is_kept_back=month in kept_back)
        for month, figures in found.items()
    ]


def type_lines(
    found: Mapping[str, Figures], together: Figures, policies: Policies, kept_back: Collection[str] = ()
) -> list[Line]:
    """A line per type, in the order of the policy, and the last one of all; that one alone where there are no types."""
    names = {item.code: item.name for policy in policies.all for item in policy.types} | {"": NO_TYPE}
    codes = sorted(found, key=lambda code: (list(names).index(code) if code in names else len(names), code))
    lines = [
        Line(names.get(code, code), found[code], is_kept_back=code in kept_back) for code in codes if codes != [""]
    ]
    is_few = bool(kept_back) and together.decided < LEAST
    return [*lines, Line(ALL, together, is_total=True, is_kept_back=is_few)]


def counts_chart(found: Mapping[date, Figures], kept_back: Collection[date] = ()) -> Chart:
    """Received and decided, as columns side by side."""
    received = Series("Ontvangen", "ontvangen", [figures.received for figures in found.values()])
    decided = Series("Besloten", "besloten", _told(found, kept_back, [one.decided for one in found.values()]))
    return chart(_months(found), [received, decided], side_by_side=True)


def days_chart(found: Mapping[date, Figures], kept_back: Collection[date] = ()) -> Chart:
    """Within how many calendar days half of the decisions fell, and nine out of ten, as dots."""
    half = Series("Helft", "dagen voor de helft", _told(found, kept_back, [one.half for one in found.values()]))
    most = [one.nearly_all for one in found.values()]
    nearly_all = Series("9 van 10", "dagen voor 9 van de 10", _told(found, kept_back, most))
    return chart(_months(found), [half, nearly_all], side_by_side=False)


def _told(found: Mapping[date, Figures], kept_back: Collection[date], values: Sequence[int | None]) -> list[int | None]:
    return [None if month in kept_back else value for month, value in zip(found, values, strict=True)]


def _months(found: Mapping[date, Figures]) -> list[Month]:
    return [Month(short_month(month), str(month.year), dutch_month(month)) for month in found]
