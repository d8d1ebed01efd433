"""Which facts of an activity changed, field by field, as a reader sees them. No Flask, no database, no clock."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.content import Content
from catalogue.labels import FIELD_LABELS
from catalogue.wording import Piece, folded, pieces, plain
from core.policy import Policy


@dataclass(frozen=True)
class Difference:
    """One field that says something else; hours and dates are written as somebody would type them."""

    field: str
    label: str
    before: str
    after: str
    is_decided: bool  # by the committee; a change of it needs a new decision
    pieces: tuple[Piece, ...]

    @property
    def folded(self) -> list[Piece]:
        """The pieces without long stretches that stayed the same."""
        return folded(self.pieces)


def differences(before: Content, after: Content, policy: Policy) -> list[Difference]:
    """What a reader would see change, in the order of the form; empty when the two say the same."""
    return [
        Difference(name, label, old, new, name in policy.decided_fields, tuple(pieces(old, new)))
        for name, label in FIELD_LABELS.items()
        if (old := readable(before, name, policy)) != (new := readable(after, name, policy))
    ]


def readable(content: Content, name: str, policy: Policy) -> str:
    """One field in words; several sectors stand below each other."""
    if name == "type":
        return policy.type_name(content.type)
    if name == "sectors":
        return "\n".join(sorted({policy.sector_name(code) for code in content.sectors}))
    value = getattr(content, name)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return f"{value:%d-%m-%Y}" if isinstance(value, date) else plain(value or "")
