"""Files as providers and the former register would hand them over, in memory."""

import csv
import io
from collections.abc import Iterable

HEADER = [
    "kvk_nummer",
    "aanbieder",
    "nummer_registerleraar",
    "titel",
    "type",
    "omschrijving",
    "doel",
    "programma",
    "toetsing",
    "voorkennis",
    "contacturen",
    "zelfstudie_uren",
    "register_uren",
    "startdatum",
    "einddatum",
    "vakgebied",
]
ROW = {
    "kvk_nummer": "90000102",
    "aanbieder": "Stichting Testleergang Noord",
    "nummer_registerleraar": "mpnQtC38Ft",
    "titel": "Lesgeven &amp; leren",
    "type": "cursus",
    "omschrijving": "<p>Eerste alinea.</p>\n<ul><li>een</li><li>twee</li></ul><script>alert(1)</script>",
    "contacturen": "12,5",
    "zelfstudie_uren": "4",
    "register_uren": "16,5",
    "startdatum": "07-01-2015",
    "einddatum": "",
}
OWN_HEADER = [
    "eigen_sleutel",
    "nummer_registerleraar",
    "titel",
    "type",
    "omschrijving",
    "contacturen",
    "zelfstudie_uren",
]
OWN_ROW = {"titel": "Rust in de klas", "type": "cursus", "contacturen": "12", "zelfstudie_uren": "4,5"}
TYPES = ("opleiding", "Cursus", "studiedag", "conferentie", "overige activiteit buiten de school")
WRONG = (
    {"kvk_nummer": "123"},
    {"type": "workshop"},
    {"contacturen": "=2+3"},
    {"titel": ""},
    {"startdatum": "31-02-2016"},
)


def export(*rows: dict[str, str], header: list[str] = HEADER) -> bytes:
    """An export of the former register; each row says what is special about it."""
    return _csv((ROW | row for row in rows), header)


def own_file(*rows: dict[str, str]) -> bytes:
    """A provider's own file."""
    return _csv((OWN_ROW | row for row in rows), OWN_HEADER)


def messy_export(count: int, wrong: int = 0, start: int = 0) -> bytes:
    """An export as untidy as the real one: markup, titles that come twice, gaps, dates in the past, wrong rows.

    The rows are numbered from `start`; the wrong ones are spread over them.
    """
    places = {start + (at + 1) * count // (wrong + 1) for at in range(wrong)}
    rows = (
        _messy(number) | (WRONG[number % len(WRONG)] if number in places else {})
        for number in range(start, start + count)
    )
    return _csv(rows, HEADER)


def _messy(number: int) -> dict[str, str]:
    """How often each column is empty, marked up or has accents, and how long it is, is as in the real export."""
    has_number = number % 5 != 0
    words = (
        f"Deelnemers aan groep {number} leren {'coördineren' if number % 7 == 0 else 'rust te brengen'} in de klas. "
    )
    return {
        "kvk_nummer": f"9{number % 30:07}",
        "aanbieder": f"Academie {number % 30}",
        "nummer_registerleraar": f"o{number:06}X" if has_number else "",
        "titel": f"Training {number // 2 * 2}: lezen &amp; schrijven",
        "type": TYPES[number % len(TYPES)],
        "omschrijving": _marked_up(words, 12) if number % 2 else words * 12,
        "doel": _marked_up(words, 10) if number % 3 else words * 10,
        "programma": "" if number % 4 == 0 else f"{words}<br/>" if number % 3 == 0 else words * 2,
        "toetsing": f"<p>{words}</p><p>&nbsp;</p>" if number % 2 else words * 2 if number % 6 else "",
        "voorkennis": f"<ul><li>{words}</li></ul>" if number % 4 == 0 else "Geen" if number % 3 else "",
        "contacturen": "12,5" if number % 2 else "8",
        "zelfstudie_uren": "3.5" if number % 2 else "0",
        "register_uren": ("16" if number % 2 else "8") if has_number else "",
        "startdatum": f"{number % 28 + 1:02}-09-201{number % 8}",
        "einddatum": f"{number % 28 + 1:02}-12-2018" if number % 6 == 0 else "",
        "vakgebied": "Pedagogiek",
    }


def _marked_up(words: str, times: int) -> str:
    items = "".join(f"<li>{words}</li>" for _ in range(times // 3))
    return f'<p style="color: red">{words * (times // 3)}</p><ul>{items}</ul><p>{words * (times // 3)}<br></p>'


def _csv(rows: Iterable[dict[str, str]], header: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=";", restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
