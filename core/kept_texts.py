"""What somebody types is kept in the browser until the register has it: under which name, and when it may go.

A form with `data-keep` takes part (static/keep.js). A name holds the account, as others may sit at the same computer.
"""

import hashlib

from flask import Flask, flash

from core.access import signed_in


def kept_as(*form: object) -> str:
    """The name under which a browser keeps this form of the person who is signed in."""
    return "-".join(str(part) for part in (own_name(), *form))


def own_name() -> str:
    """With which every name of this person begins."""
    return hashlib.sha256(signed_in().account_key.encode()).hexdigest()[:12]


def saved(*form: object) -> None:
    """What was typed in this form is safe: with the next page the browser forgets its copy."""
    flash(kept_as(*form), "saved")


def init_kept_texts(app: Flask) -> None:
    """Let templates name their forms."""
    app.jinja_env.globals.update(kept_as=kept_as, own_name=own_name)
