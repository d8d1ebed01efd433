"""What a teacher can find by words, as one flat document. Pure. A change of what it holds needs a new `FORMAT`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from core.texts import folded
from search.vocabulary import Vocabulary
from search.words import words_in

FORMAT = 5
NEVER = date.max.toordinal()  # of a period without an end
ONLINE, ON_SITE = "online", "op-locatie"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One activity as the index sees it."""

    id: int
    title: str
    provider: str
    subject: str
    facts: str  # kind, sectors and place in words
    description: str
    kvk_number: str = ""
    type: str = ""
    sectors: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()  # online, on site, or both
    hours: Decimal = Decimal(0)
    valid_from: date = date.min
    starts_on: date | None = None
    ends_on: date | None = None
    edition_days: tuple[date, ...] = ()  # on which it begins, from today on

    @property
    def digest(self) -> str:
        """Differs as soon as anything that is indexed does."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def next_day(self) -> date | None:
        """When it can be begun with; None: at any time, or nobody knows."""
        return min(self.edition_days, default=self.starts_on)


def texts_of(document: Document, words: Vocabulary) -> dict[str, str]:
    """What is searched by words: each text as it is, and what else should lead to it."""
    texts = {
        "title": document.title,
        "provider": document.provider,
        "subject": f"{document.subject} {document.facts}",
        "description": document.description,
    }
    plain = {name: folded(text) for name, text in texts.items()}
    more = {
        "title_more": words.more(words_in(plain["title"]), joined=True),
        "subject_more": words.more(words_in(plain["subject"])),
        "description_more": words.more(words_in(plain["description"])),
    }
    return plain | {name: " ".join(found) for name, found in more.items()}


def facets_of(document: Document) -> dict[str, list[str]]:
    """What is filtered by, and counted: per facet the values that this activity has."""
    return {
        "sector": list(document.sectors),
        "type": [document.type],
        "aanbieder": [document.kvk_number],
        "vakgebied": [document.subject] if document.subject else [],
        "waar": list(document.ways),
    }


def days_of(document: Document) -> dict[str, list[int]]:
    """The days that a period is compared with, as numbers: those of editions, or else the whole time it is offered."""
    first = document.starts_on.toordinal() if document.starts_on else 1
    last = document.ends_on.toordinal() if document.ends_on else NEVER
    editions = [day.toordinal() for day in document.edition_days]
    return {"edition_day": editions, "from_day": [] if editions else [first], "until_day": [] if editions else [last]}


def keys_of(document: Document) -> dict[str, int | str]:
    """What is sorted by and compared with: hours in hundredths, days as numbers, the title folded."""
    return {
        "title_key": folded(document.title),
        "hours": int(document.hours * 100),
        "next_day": document.next_day.toordinal() if document.next_day else NEVER,
        "ends": document.ends_on.toordinal() if document.ends_on else NEVER,
        "valid_from": document.valid_from.toordinal(),
    }
