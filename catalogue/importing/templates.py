"""Files to fill in: the columns with an example, as CSV and as a workbook that explains itself. Pure."""

import csv
from datetime import date
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from catalogue.importing.columns import COLUMNS, DATES, NUMBERS, TEXTS, Column
from core.policy import Policy
from core.policy.model import Item

LAST_ROW = 1_048_575  # of a worksheet, counted from 0
HEADING, NEEDED = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#0D5560"}, {"bg_color": "#083F48"}
TOP = {"valign": "top", "text_wrap": True}
EXAMPLE = {"italic": True, "font_color": "#46565F", "bg_color": "#E9EEF0"}
HOURS, DAY, TEXT = {"num_format": "0.0#"}, {"num_format": "dd-mm-yyyy"}, {"num_format": "@"}
WIDE, NARROW = 40, 22
INTRODUCTION = (
    "Zet op het werkblad Activiteiten elke activiteit op een eigen rij. De rij met VOORBEELD lezen wij niet."
    " Kolommen zonder sterretje mag u leeg laten."
)
ABOUT = {"Kolom": 28, "Nodig": 10, "Uitleg": 60, "Voorbeeld": 36, "Keuzes": 60}
SOMETHING_ELSE = "Dit staat niet in de lijst. Kijk op het werkblad Uitleg wat kan. Toch gebruiken?"


def csv_template(policy: Policy, *, own: bool = True) -> bytes:
    """The headings and the example, as Excel expects them in the Netherlands; `own` is for a provider's own file."""
    columns, text = _columns(own=own), StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.name for column in columns])
    writer.writerow([_example(column, policy) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(policy: Policy, *, own: bool = True) -> bytes:
    """The same as a workbook, with lists to choose from and a sheet that explains the columns."""
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "Activiteiten aanleveren"})
        template = _Template(workbook, policy, own=own)
        for at, column in enumerate(_columns(own=own)):
            template.add(at, column)
    return content.getvalue()


def _columns(*, own: bool) -> list[Column]:
    return [column for column in COLUMNS if column.is_own or not own]


def _items(column: Column, policy: Policy) -> tuple[Item, ...]:
    return {"types": policy.types, "sectors": policy.sectors}.get(column.choices, ())


def _example(column: Column, policy: Policy) -> str:
    if column.choices == "sectors":
        return ", ".join(item.code for item in policy.sectors[:2])
    return policy.types[0].name if column.choices == "types" else column.example


def _choices(column: Column, policy: Policy) -> list[str]:
    if column.choices == "sectors":
        return [f"{item.code} ({item.name})" for item in policy.sectors]
    return [item.name for item in _items(column, policy)]


def _look(column: Column) -> dict[str, str]:
    if column.name in NUMBERS:
        return HOURS
    return DAY if column.name in DATES else TEXT


class _Template:
    """The workbook: a sheet to fill in, one that explains, and one with the lists to choose from."""

    def __init__(self, workbook: Workbook, policy: Policy, *, own: bool) -> None:
        self._workbook, self._policy, self._is_own = workbook, policy, own
        self._sheet, self._about, self._lists = map(workbook.add_worksheet, ("Activiteiten", "Uitleg", "Keuzes"))
        self._sheet.freeze_panes(1, 0)
        self._top = workbook.add_format(TOP)
        for at, width in enumerate(ABOUT.values()):
            self._about.set_column(at, at, width, self._top)
        self._about.merge_range(0, 0, 0, len(ABOUT) - 1, INTRODUCTION, self._top)
        self._about.write_row(2, 0, ABOUT, workbook.add_format(HEADING))
        self._about.freeze_panes(3, 1)

    def add(self, at: int, column: Column) -> None:
        """One column on all sheets."""
        name = f"{column.name} *" if self._is_needed(column) else column.name
        choices = "\n".join(_choices(column, self._policy))
        about = (name, "ja" if self._is_needed(column) else "nee", column.explanation, self._example(column), choices)
        self._about.write_row(3 + at, 0, about, self._top)
        heading = self._workbook.add_format(HEADING | (NEEDED if self._is_needed(column) else {}))
        self._sheet.write_string(0, at, name, heading)
        note = f"{column.explanation}\n{choices}".strip()
        self._sheet.write_comment(0, at, note, {"x_scale": 2.5, "y_scale": 1 + note.count("\n") / 4})
        width = WIDE if column.name in TEXTS or column.name == "titel" else NARROW
        self._sheet.set_column(at, at, width, self._workbook.add_format(TOP | _look(column)))
        self._add_example(at, column)
        self._offer_choices(at, column)

    def _is_needed(self, column: Column) -> bool:
        return column.needed == "always" or (bool(column.needed) and not self._is_own)

    def _example(self, column: Column) -> str:
        return _example(column, self._policy)

    def _add_example(self, at: int, column: Column) -> None:
        look, text = self._workbook.add_format(TOP | EXAMPLE | _look(column)), self._example(column)
        if column.name in NUMBERS:
            self._sheet.write_number(1, at, float(text.replace(",", ".")), look)
        elif column.name in DATES:
            self._sheet.write_datetime(1, at, date(*(int(part) for part in reversed(text.split("-")))), look)
        else:
            self._sheet.write_string(1, at, text, look)

    def _offer_choices(self, at: int, column: Column) -> None:
        """A list to choose from; something else may be typed too, such as several sectors."""
        if not (items := _items(column, self._policy)):
            return
        letter = {"types": "A", "sectors": "B"}[column.choices]
        words = [item.code if column.choices == "sectors" else item.name for item in items]
        self._lists.set_column(f"{letter}:{letter}", WIDE)
        self._lists.write_column(f"{letter}1", words)
        source = f"=Keuzes!${letter}$1:${letter}${len(items)}"
        rule = {"validate": "list", "source": source, "error_type": "information", "error_message": SOMETHING_ELSE}
        self._sheet.data_validation(1, at, LAST_ROW, at, rule)
