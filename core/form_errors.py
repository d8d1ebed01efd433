"""What is wrong with a form, as its page shows it: one fix at a time per field, so that the summary stays short."""

from marshmallow import ValidationError


def first_errors(error: ValidationError, among_many: str = "Kies uit de lijst.") -> dict[str, str]:
    """The first sentence per field, as found; `among_many` where it is one of several values in a field."""
    found = error.messages_dict
    return {name: texts[0] if isinstance(texts, list) else among_many for name, texts in found.items()}
