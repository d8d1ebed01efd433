"""What the composition root needs of this package."""

from flask import Flask

from catalogue import (
    action_pages,
    edition_pages,
    feed_pages,
    last_list,
    logbook_pages,
    own_pages,
    pages,
    takeover_pages,
)
from catalogue.import_pages import init_imports
from catalogue.labels import FIELD_LABELS
from catalogue.numbers import shown
from catalogue.states import CHANGE_NAMES, STATE_NAMES
from catalogue.steps import field_address
from catalogue.taking_over import recheck_batch
from core import clock
from core.db import transaction
from core.policy.hours import share_in_words, step_in_words
from core.policy.loading import current_policies

CATALOGUE_PAGES = (
    pages.bp,
    feed_pages.bp,
    own_pages.bp,
    action_pages.bp,
    edition_pages.bp,
    takeover_pages.bp,
    logbook_pages.bp,
)


def init_catalogue(app: Flask) -> None:
    """Let every template call numbers, states and fields by their names; open the imports."""
    app.jinja_env.filters.update(shown=shown, step_in_words=step_in_words, share_in_words=share_in_words)
    app.jinja_env.globals.update(
        activity_states=STATE_NAMES,
        change_states=CHANGE_NAMES,
        field_labels=FIELD_LABELS,
        field_address=field_address,
        last_list=last_list.address,
    )
    init_imports(app)


def recheck_offers() -> None:
    """Judge the offers of the former register anew that were judged under another policy."""
    policy, is_done = current_policies().on(clock.today()), False
    while not is_done:
        with transaction():
            is_done = not recheck_batch(policy)
