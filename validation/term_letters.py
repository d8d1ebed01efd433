"""What the register tells a provider about the term of a case, in Dutch. No database, no clock."""

from dataclasses import dataclass
from datetime import date

from core.formatting import dutch_date
from providers.letters import Notice, lines_of, short_title
from validation.term_change import Cause, change_for_provider
from validation.term_text import in_words
from validation.terms import Term

LOOK = "Bekijk waar het om gaat"


@dataclass(frozen=True)
class About:
    """What a case is about, for its provider: a title, or '' for the registration; and where that stands."""

    title: str
    path: str

    @property
    def short(self) -> str:
        """As a subject names it."""
        return f"‘{short_title(self.title)}’" if self.title else "uw aanmelding"

    @property
    def whole(self) -> str:
        """As a sentence names it."""
        return f"‘{self.title}’" if self.title else "uw aanmelding"


def extended(about: About, before: Term, after: Term, why: str) -> Notice:
    """The committee takes longer, once."""
    return Notice(
        f"Later bericht over {about.short}",
        (
            f"De commissie heeft meer tijd nodig voor het besluit over {about.whole}. Dit is waarom:",
            *lines_of(why),
            *changed(before, after, Cause.EXTENDED),
        ),
        LOOK,
        about.path,
    )


def changed(before: Term, after: Term, cause: Cause) -> tuple[str, ...]:
    """By when the provider hears, why that is another day than before, and how it comes about."""
    sentence = change_for_provider(before, after, cause)
    return (*([sentence] if sentence else []), hears_by(after))


def hears_by(term: Term) -> str:
    """The promise with its sum."""
    return f"U krijgt uiterlijk {dutch_date(term.due_on)} bericht ({in_words(term)})."


def until(day: date) -> str:
    """The last day, as a sentence about a question names it."""
    return f"tot en met {dutch_date(day)}"
