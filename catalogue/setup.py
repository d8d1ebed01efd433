"""What the composition root needs of this package."""

from catalogue import action_pages, edition_pages, list_pages, logbook_pages, own_pages, pages, takeover_pages

CATALOGUE_PAGES = (
    pages.bp,
    list_pages.bp,
    own_pages.bp,
    action_pages.bp,
    edition_pages.bp,
    takeover_pages.bp,
    logbook_pages.bp,
)
