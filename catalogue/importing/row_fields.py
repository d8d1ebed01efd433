"""The fields of a row: texts that lose their markup."""

from typing import Any

from marshmallow import ValidationError, fields

from catalogue.importing.texts import one_line, plain_text
from catalogue.schemas import LONGEST_TEXT
from core.form_fields import TOO_LONG

MISSING: dict[str, Any] = {"required": "Deze kolom ontbreekt. Voeg die toe."}
EMPTY = "Vul deze kolom in."


class MarkedText(fields.Field[str]):
    """Plain text, whatever markup it came in."""

    def __init__(self) -> None:
        super().__init__(load_default="")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ARG002
        text = plain_text(value)
        if len(text) > LONGEST_TEXT:
            raise ValidationError(TOO_LONG.format(LONGEST_TEXT))
        return text


class MarkedLine(fields.Field[str]):
    """The same on one line, of at most so many symbols; one that is required says something."""

    def __init__(self, most: int, *, required: bool = False, **more: Any) -> None:
        needed = {"required": True, "error_messages": MISSING} if required else {"load_default": ""}
        super().__init__(**needed, **more)
        self._most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ARG002
        text = one_line(value)
        if self.required and not text:
            raise ValidationError(EMPTY)
        if len(text) > self._most:
            raise ValidationError(TOO_LONG.format(self._most))
        return text
