"""How far the work of a day is, as the subject of a message. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Place:
    """A day, and where in it: the step, up to which case was looked, and how many of the step failed so far.

    Without a step it is the beginning.
    """

    day: date
    step: str = ""
    after: int = 0
    faults: int = 0

    def __str__(self) -> str:
        rest = f" {self.step} {self.after} {self.faults}" if self.step else ""
        return f"{self.day.isoformat()}{rest}"


def place_from(subject: str) -> Place:
    """The place that a subject names."""
    day, *rest = subject.split(" ")
    if not rest:
        return Place(date.fromisoformat(day))
    step, after, faults = rest
    return Place(date.fromisoformat(day), step, int(after), int(faults))
