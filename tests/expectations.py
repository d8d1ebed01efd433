"""What whoever asks should find, whatever engine answers: a small catalogue, and questions with their answers.

`finds` must be in the answer, `not_` must not, and `first` stands on top. Engines may find more.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from search.document import ON_SITE, ONLINE, Document
from search.index import Filters, Order

TODAY = date(2026, 11, 30)


def _document(id_: int, title: str, description: str = "", **more: Any) -> Document:
    facts: dict[str, Any] = {
        "provider": "Academie De Brug",
        "subject": "Pedagogiek",
        "facts": "",
        "kvk_number": "90100011",
    }
    facts |= {"type": "cursus", "sectors": ("po",), "ways": (ON_SITE,), "hours": Decimal(8)}
    return Document(id=id_, title=title, description=description, **(facts | more))


TALK = {"provider": "Taalhuis Noord", "kvk_number": "90100022", "subject": "Nederlands"}
CATALOGUE = [
    _document(1, "Klassenmanagement voor starters", "Rust in de groep.", sectors=("vo", "mbo")),
    _document(2, "Management van een school", "Voor schoolleiders.", type="opleiding", hours=Decimal(40)),
    _document(3, "Orde houden in de klas", "Over management van de klas.", sectors=("vo",)),
    _document(4, "Rekenen met breuken", "Voor wie rekenonderwijs geeft.", subject="Rekenen"),
    _document(5, "Een café voor ouders", "Ouderbetrokkenheid begint met koffie.", valid_from=date(2026, 1, 1)),
    _document(6, "Poëzie in de klas", "Lezen, schrijven en voordragen.", **TALK, hours=Decimal("5.5")),
    _document(7, "Leesbevordering op de basisschool", "Kinderen die graag lezen.", **TALK, sectors=("po", "so")),
    _document(8, "Gespreksvaardigheden", "Gesprekken met ouders en leerlingen.", **TALK, ways=(ONLINE,)),
    _document(9, "E-learning maken", "Lessen op afstand.", ways=(ONLINE,), type="studiedag", hours=Decimal(4)),
    _document(10, "Studiedag formatief toetsen", "Toetsen om van te leren.", type="studiedag", sectors=("vo",)),
    _document(11, "Groepsdynamica", "Wat er in een groep gebeurt.", type="conferentie"),
    _document(12, "Scheikunde in context", "Practicum.", subject="Scheikunde", sectors=("vo",)),
    _document(13, "Adhd in het voortgezet onderwijs", "Begeleiden van leerlingen.", sectors=("vo",)),
    _document(14, "Het beleid van een school", "Plannen maken.", type="opleiding", hours=Decimal(60)),
    _document(15, "Coördineren met zorg", "Voor intern begeleiders.", edition_days=(date(2027, 2, 1),)),
    _document(16, "Straßentheater", "Duits op straat.", subject="Duits", edition_days=(date(2027, 5, 20),)),
    _document(17, "C# voor leraren informatica", "Programmeren.", subject="Informatica", ends_on=date(2026, 12, 31)),
    _document(18, "21st century skills", "Van 2025 tot 2030.", starts_on=date(2027, 1, 10)),
    _document(19, "Lezen is leven", "Verhalen.", **TALK, valid_from=date(2026, 11, 1)),
    _document(20, "מורה", "Hebreeuws.", subject="Talen"),
    _document(21, "Afgelopen cursus rekenen", "Voorbij.", ends_on=date(2026, 11, 29)),
]
EVERYTHING = {document.id for document in CATALOGUE} - {21}


@dataclass(frozen=True)
class Expected:
    """One question with its answer."""

    text: str
    finds: tuple[int, ...] = ()
    not_: tuple[int, ...] = ()
    first: int = 0
    only: tuple[int, ...] | None = None
    filters: Filters = field(default_factory=Filters)
    order: Order = Order.RELEVANCE
    why: str = ""


def _in(**chosen: Any) -> Filters:
    return Filters(chosen={facet: (values,) if isinstance(values, str) else values for facet, values in chosen.items()})


SPRING = Filters(first_day=date(2027, 1, 1), last_day=date(2027, 3, 1))
WORDS = [
    Expected("klassenmanagement", (1,), (2,), first=1, why="the word itself"),
    Expected("klassenm", (1,), first=1, why="the beginning of the last word"),
    Expected("starters klassenm", (1,), first=1, why="the beginning after a word"),
    Expected("management", (1, 2, 3), first=2, why="a part of a compound, after the word itself"),
    Expected("klassen management", (1,), why="a compound written apart"),
    Expected("klas management", (1, 3), why="a compound in other forms, or in two fields"),
    Expected("orde management", (3,), (1, 2), why="all words are needed"),
    Expected("Klassenmanagement VOOR starters", (1,), first=1, why="case does not matter"),
    Expected("klassenmanagment", (1,), first=1, why="a letter forgotten"),
    Expected("klassenmanagemnet", (1,), first=1, why="two letters swapped"),
    Expected("klasenmanagemant", (1,), first=1, why="two slips in a long word"),
    Expected("rekenne", (4,), why="a slip in a short word"),
    Expected("klus", (), (3, 6), why="no slip is forgiven in four letters"),
    Expected("cafe", (5,), first=5, why="without diacritics"),
    Expected("café", (5,), first=5, why="with diacritics"),
    Expected("cafe\u0301", (5,), first=5, why="with diacritics apart"),
    Expected("poezie", (6,), first=6, why="a diaeresis"),
    Expected("coordineren", (15,), first=15, why="a diaeresis inside"),
    Expected("strassentheater", (16,), first=16, why="an eszett"),
    Expected("les", (9,), why="the singular"),
    Expected("lessen", (9,), why="the plural"),
    Expected("gesprek", (8,), why="a part of a compound with its link"),
    Expected("gesprekken", (8,), first=8, why="the plural of it"),
    Expected("vaardigheid", (8,), why="a part, in the singular"),
    Expected("toets", (10,), why="the stem of a word in a title"),
    Expected("leerling", (8, 13), why="the singular of a word in a description"),
    Expected("studie", (10,), why="a part of a compound"),
    Expected("dag", (10,), why="a part of three letters"),
    Expected("dynamica", (11,), why="the last part"),
    Expected("onderwijs rekenen", (4,), why="parts of a description"),
    Expected("wijs", (), (13,), why="no accidental part"),
    Expected("elearning", (9,), why="written together"),
    Expected("e-learning", (9,), first=9, why="with its dash"),
    Expected("e learning", (9,), first=9, why="written apart"),
    Expected("vo adhd", (13,), first=13, why="a synonym of two words"),
    Expected("basisonderwijs", (7,), why="a synonym"),
    Expected("begeleiding", (13,), (14,), why="another form, and not a word that looks alike"),
    Expected("beleid", (14,), (13, 15), first=14, why="the same the other way round"),
    Expected("lezen", (6, 7, 19), first=19, why="the title before the description"),
    Expected("leven", (19,), first=19, why="a word that is there is no slip"),
    Expected("taalhuis", (6, 7, 8, 19), why="the provider"),
    Expected("taalhuis poëzie", (6,), (7, 8), first=6, why="the provider and a title"),
    Expected("scheikunde", (12,), first=12, why="title and subject"),
    Expected("pedagogiek klas", (1, 3), (6,), why="a subject and a title"),
    Expected("ouders", (5, 8), first=5, why="the title before the description"),
    Expected("c#", (17,), why="a sign beside a letter"),
    Expected("21st", (18,), first=18, why="a digit in a word"),
    Expected("2025", (18,), why="a year"),
    Expected("2026", (), (18,), why="no slip is forgiven in a number"),
    Expected("מורה", (20,), first=20, why="from right to left"),
    Expected("informatica programmeren", (17,), why="title and description"),
]
ODD = [
    Expected("", only=tuple(EVERYTHING), why="everything that has not ended"),
    Expected("rekenen", (4,), (21,), why="what ended is not found"),
    Expected("?", only=(), why="signs alone"),
    Expected("-", only=(), why="a dash alone"),
    Expected("xyzzyqq", only=(), why="no such word"),
    Expected("-rekenen", (4,), (1, 2, 3), why="a dash excludes nothing"),
    Expected("-9QF2", only=(), why="the end of a number excludes nothing"),
    Expected('"rekenen', (4,), why="a quote that stays open"),
    Expected('"met breuken rekenen"', (4,), why="quotes ask for no order"),
    Expected("rekenen AND breuken", only=(), why="operators are words"),
    Expected("rekenen OR klas", only=(), why="operators are words"),
    Expected("title:rekenen", only=(), why="a field is a word"),
    Expected("rekenen*", (4,), why="a star is no letter"),
    Expected("rek?nen", (), (4,), why="a question mark parts words"),
    Expected("(rekenen", (4,), why="a bracket"),
    Expected("rekenen~2", only=(), why="an operator"),
    Expected("a" * 10_000, only=(), why="10,000 letters"),
    Expected("rekenen " * 1_250, (4,), why="10,000 letters in words"),
    Expected("rekenen 🎓", (4,), why="an emoji is no word"),
    Expected("🎓", only=(), why="an emoji alone"),
    Expected("\u202erekenen", (4,), why="turned around"),
    Expected("reke\x00nen", (), (1,), why="a null byte"),
    Expected("' OR 1=1 --", only=(), why="an injection"),
    Expected("rekenen\\", (4,), why="a backslash"),
    Expected("%", only=(), why="a wildcard of another language"),
]
FILTERED = [
    Expected("", only=(1, 3, 10, 12, 13), filters=_in(sector="vo"), why="one sector"),
    Expected("", only=(1, 3, 7, 10, 12, 13), filters=_in(sector=("vo", "so")), why="any of two"),
    Expected("klas", (3,), (6,), filters=_in(sector="vo"), why="words and a sector"),
    Expected("", only=(2, 14), filters=_in(type="opleiding"), why="a type"),
    Expected("", only=(6, 7, 8, 19), filters=_in(aanbieder="90100022"), why="a provider"),
    Expected("", only=(8, 9), filters=_in(waar=ONLINE), why="online"),
    Expected("", only=(12,), filters=_in(vakgebied="Scheikunde"), why="a subject"),
    Expected("", only=(8,), filters=_in(waar=ONLINE, aanbieder="90100022"), why="two facets at once"),
    Expected("", only=(), filters=_in(sector='vo" OR 1=1'), why="a value that tries to escape"),
    Expected("", only=(), filters=_in(sector="vo\\"), why="a backslash in a value"),
    Expected("", only=(2, 14), filters=Filters(least_hours=Decimal(40)), why="hours from"),
    Expected("", only=(6, 9), filters=Filters(most_hours=Decimal("5.5")), why="hours up to, inclusive"),
    Expected("", (15,), (16,), filters=SPRING, why="an edition in the period"),
    Expected("", (1,), (17,), filters=Filters(first_day=date(2027, 1, 1)), why="what ends before the period"),
    Expected("", (1,), (18,), filters=Filters(last_day=date(2027, 1, 1)), why="what begins after the period"),
    Expected("voor", first=2, filters=_in(type="opleiding"), order=Order.MOST_HOURS, why="an order, narrowed"),
    Expected("", first=19, order=Order.NEWEST, why="the newest"),
    Expected("", first=14, order=Order.MOST_HOURS, why="most hours"),
    Expected("", first=9, order=Order.FEWEST_HOURS, why="fewest hours"),
    Expected("", first=18, order=Order.START, why="the first that begins"),
    Expected("", first=18, order=Order.TITLE, why="digits before letters"),
]
TABLE = WORDS + ODD + FILTERED
