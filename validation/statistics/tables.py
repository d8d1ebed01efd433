"""The tables of figures: the same columns on a page and in a file. No Flask, no database, no clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.spreadsheets import Cell
from validation.procedures import TABLES
from validation.states import ACTION_FOR, Outcome
from validation.statistics.figures import Figures

TOO_FEW = "te weinig"
NAMES = {
    Outcome.APPROVED: "Goedgekeurd",
    Outcome.TEMPORARILY_REJECTED: "Tijdelijk afgewezen",
    Outcome.REJECTED: "Afgewezen",
    Outcome.UPHELD: "Gehandhaafd",
    Outcome.REVISED: "Herzien",
    Outcome.INADMISSIBLE: "Niet-ontvankelijk",
}


@dataclass(frozen=True)
class Column:
    """A figure by its heading. What is told of small groups, too, says nothing about how cases were decided."""

    label: str
    of: Callable[[Figures], Decimal | int | None]
    is_share: bool = False
    is_always_told: bool = False


@dataclass(frozen=True)
class Line:
    """The figures of a month or a type, by its name; those of a small group may be kept back."""

    name: str
    figures: Figures
    name_in_file: str = ""
    is_total: bool = False
    is_kept_back: bool = False


@dataclass(frozen=True)
class Table:
    """Lines under headings; the first heading is that of the names."""

    heading: str
    columns: Sequence[Column]
    lines: Sequence[Line]

    def cells(self, line: Line) -> list[Cell]:
        """What stands on a line; None where nothing is known."""
        return [
            TOO_FEW if line.is_kept_back and not column.is_always_told else _cell(column.of(line.figures))
            for column in self.columns
        ]

    @property
    def header_in_file(self) -> list[str]:
        """The headings, with the sign that a page puts behind each number."""
        return [self.heading, *(f"{column.label} (%)" if column.is_share else column.label for column in self.columns)]

    @property
    def rows_in_file(self) -> Iterator[list[Cell]]:
        """The same lines."""
        return ([line.name_in_file or line.name, *self.cells(line)] for line in self.lines)


def _cell(value: Decimal | int | None) -> Cell:
    return None if value is None else Decimal(value)


RECEIVED = Column("Ontvangen", lambda found: found.received, is_always_told=True)
DECIDED = Column("Besloten", lambda found: found.decided)
OPEN = Column("Nog open", lambda found: found.open, is_always_told=True)
DAYS = (
    Column("Helft binnen (dagen)", lambda found: found.half),
    Column("9 van 10 binnen (dagen)", lambda found: found.nearly_all),
    Column("Helft binnen (termijndagen)", lambda found: found.term_half),
    Column("9 van 10 binnen (termijndagen)", lambda found: found.term_nearly_all),
)
ON_TIME = Column("Op tijd", lambda found: found.on_time, is_share=True)
ASKED = Column("Met een vraag", lambda found: found.asked, is_share=True)
HOURS = (
    Column("Goedgekeurde activiteiten", lambda found: found.approved),
    Column("Toegekende uren", lambda found: found.granted),
    Column("Uren per activiteit (mediaan)", lambda found: found.granted_half),
    Column("Deel van de opgegeven uren", lambda found: found.granted_share, is_share=True),
)


def outcome_column(outcome: Outcome) -> Column:
    """The share of the decisions that had this outcome."""
    return Column(
        NAMES[outcome], lambda found: found.outcomes.get(outcome, 0) if found.decided else None, is_share=True
    )


def outcome_columns(procedure: str) -> list[Column]:
    """One for each outcome that the procedure knows."""
    known = {action for _, action in TABLES[procedure].steps}
    return [outcome_column(outcome) for outcome, action in ACTION_FOR.items() if action in known]
