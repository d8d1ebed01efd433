"""Hours in two parts, exact. A value; the rules about hours are elsewhere."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
HALF = Decimal("0.5")
STEPS = {Decimal(1): "hele uren", Decimal("0.5"): "halve uren", Decimal("0.25"): "kwartieren"}


def step_in_words(step: Decimal) -> str:
    """What hours are rounded to, as a sentence names it."""
    return STEPS.get(step, f"stappen van {step.normalize():f} uur".replace(".", ","))


def share_in_words(share: Decimal) -> str:
    """A share of the hours, as in: meer dan de helft."""
    return "de helft" if share == HALF else f"{share * 100:.0f}%"


@dataclass(frozen=True)
class Hours:
    """Contact and self-study hours, apart: they are declared, judged and granted apart."""

    contact: Decimal
    self_study: Decimal

    @property
    def total(self) -> Decimal:
        """What counts in the dossier."""
        return self.contact + self.self_study

    @property
    def self_study_share(self) -> Decimal:
        """Self-study as a share of the total; 0 when there are no hours at all."""
        return self.self_study / self.total if self.total else ZERO
