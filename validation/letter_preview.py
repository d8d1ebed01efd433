"""The letters of a decision before it is taken: shown with all that was typed, to be sent or changed."""

from collections.abc import Sequence

from flask import render_template, request

from providers.letters import Notice
from validation.models import Case

NOT_CARRIED = {"csrf_token", "version", "sure", "again"}


def is_sure() -> bool:
    """Whether the person has read the letters and sends them."""
    return "sure" in request.form and "again" not in request.form


def wants_to_change() -> bool:
    """Whether the person has read the letters and goes back to the form."""
    return "again" in request.form


def preview(case: Case, heading: str, letters: Sequence[Notice]) -> str:
    """The page, with the form that sends them."""
    fields = [(name, values) for name, values in request.form.lists() if name not in NOT_CARRIED]
    return render_template("committee/letters_preview.html", case=case, heading=heading, letters=letters, fields=fields)
