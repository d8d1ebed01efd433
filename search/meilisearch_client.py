"""The official client on connections of ours: one searches and never waits long, one writes and is patient."""

from meilisearch.client import Client
from meilisearch.index import Index
from urllib3.util import Retry

from search.meilisearch_connection import ONCE, PATIENTLY, Connection

SEARCH_SECONDS, WRITE_SECONDS = 1.0, 10.0
NO_INDEX = "index_not_found"


class Engine(Client):
    """A client of which all parts share one connection; by itself each would make its own."""

    def __init__(self, url: str, key: str, *, seconds: float, retry: Retry) -> None:
        super().__init__(url, key)
        self.connection = Connection(self.config, seconds=seconds, retry=retry)
        self.http = self.connection
        self.task_handler.http = self.connection

    def index(self, uid: str) -> Index:
        """An index, whether or not it is there."""
        index = super().index(uid)
        index.http = self.connection
        index.task_handler.http = self.connection
        return index


def searching(url: str, key: str, seconds: float) -> Engine:
    """For web requests, which never wait long: no second attempt."""
    return Engine(url, key, seconds=seconds, retry=ONCE)


def writing(url: str, key: str) -> Engine:
    """For the worker and commands: tries again after a pause, as long as the engine asks for."""
    return Engine(url, key, seconds=WRITE_SECONDS, retry=PATIENTLY)
