"""The mail to a member of the committee about the cases that are due, in Dutch. No database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.formatting import count_of, dutch_date
from core.mail.letter import Letter, Point
from core.policy.calendar import working_days_between


@dataclass(frozen=True)
class DueCase:
    """One case as the mail names it; `with_whom` is '' when nobody has it in hand."""

    title: str
    provider: str
    due_on: date
    with_whom: str
    link: str


def digest(recipient: str, cases: Sequence[DueCase], count: int, base_url: str, reference: str, today: date) -> Letter:
    """All in one mail: the most urgent first, and how many more there are."""
    more = count - len(cases)
    return Letter(
        recipient=recipient,
        subject=f"Herinnering: {count_of(count, 'zaak', 'zaken')} om te besluiten",
        paragraphs=(
            "De commissie moet deze zaken binnenkort besluiten, of had dat al moeten doen:",
            *(Point(line(case, today), case.link) for case in cases),
            *([f"Er zijn er nog {more}. Die vindt u bij ‘Te beoordelen’."] if more else []),
        ),
        link_text="Te beoordelen",
        link=f"{base_url}/commissie",
        reference=reference,
        is_on_site=False,
    )


def line(case: DueCase, today: date) -> str:
    """One case: when it is due, how long that is, and who has it."""
    left = working_days_between(today, case.due_on)
    if case.due_on < today:
        when = f"{count_of(max(-left, 1), 'werkdag', 'werkdagen')} te laat"
    elif case.due_on == today:
        when = "vandaag"
    else:
        when = f"nog {count_of(left, 'werkdag', 'werkdagen')}"
    whose = f"bij {case.with_whom}" if case.with_whom else "nog bij niemand"
    return f"{case.title}, {case.provider}: uiterlijk {dutch_date(case.due_on)} ({when}), {whose}"
