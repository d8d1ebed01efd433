"""What the register tells a provider about its objection, in Dutch. No database, no clock."""

from datetime import date

from core.formatting import dutch_date
from providers.letters import Notice, lines_of, short_title
from validation.states import Outcome

WORDS = {
    Outcome.UPHELD: ("Bezwaar afgewezen", "Het besluit blijft zoals het was."),
    Outcome.REVISED: (
        "Bezwaar toegewezen",
        "De commissie heeft een nieuw besluit genomen. Dat staat in een eigen bericht.",
    ),
    Outcome.INADMISSIBLE: ("Bezwaar niet in behandeling", "De commissie kan uw bezwaar niet inhoudelijk behandelen."),
}
TO_THE_OBJECTION = "Naar uw bezwaar"


def received(title: str, due_on: date, term: str, path: str, *, is_late: bool) -> Notice:
    """It came in; whoever was late first hears whether it is handled at all."""
    late = ("Uw bezwaar kwam te laat. Wij bekijken eerst of uw reden daarvoor geldt.",) if is_late else ()
    return Notice(
        f"Wij hebben uw bezwaar ontvangen: {short_title(title)}",
        (
            f"U maakte bezwaar tegen het besluit over ‘{title}’.",
            *late,
            "Iemand die niet bij het besluit betrokken was, behandelt uw bezwaar.",
            f"U krijgt uiterlijk {dutch_date(due_on)} bericht ({term}).",
        ),
        TO_THE_OBJECTION,
        path,
    )


def admitted_late(title: str, path: str) -> Notice:
    """It was late, and is handled all the same."""
    return Notice(
        f"Wij behandelen uw bezwaar: {short_title(title)}",
        (f"Uw bezwaar over ‘{title}’ kwam te laat. De reden die u gaf, geldt. Wij behandelen uw bezwaar.",),
        TO_THE_OBJECTION,
        path,
    )


def concluded(title: str, outcome: Outcome, reasons: str, path: str) -> Notice:
    """What became of it, and why."""
    heading, told = WORDS[outcome]
    return Notice(
        f"{heading}: {short_title(title)}",
        (f"U maakte bezwaar tegen het besluit over ‘{title}’.", told, "Dit is waarom:", *lines_of(reasons)),
        TO_THE_OBJECTION,
        path,
    )
