"""The shapes of the provider's forms."""

from dataclasses import dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load


@dataclass(frozen=True)
class DeclarationForm:
    """Which requirements were ticked."""

    requirements: frozenset[str]


class DeclarationSchema(Schema):
    """Ticks of the declaration page."""

    class Meta:
        unknown = EXCLUDE

    requirement = fields.List(fields.String(), load_default=list)

    @post_load
    def _form(self, data: dict[str, Any], **_: object) -> DeclarationForm:
        return DeclarationForm(frozenset(data["requirement"]))
