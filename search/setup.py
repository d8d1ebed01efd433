"""What the composition root needs of this package."""

from search import browse_pages, pages

SEARCH_PAGES = (pages.bp, browse_pages.bp)
