"""Where the files of imports lie until they are over: each in a folder of its own, under a name that nobody chose."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

KEPT = timedelta(days=7)


class Store:
    """The files of all imports, in one folder of the instance."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def kept(self, stream: IO[bytes]) -> Iterator[str]:
        """Keep what somebody sent, under the name that is given. What fails, here or inside, leaves nothing behind."""
        name = secrets.token_hex(16)
        (self._folder / name).mkdir(mode=0o700, parents=True)
        try:
            with os.fdopen(os.open(self.source(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
                shutil.copyfileobj(stream, target)
            yield name
        except BaseException:
            self.forget(name)
            raise

    def has(self, name: str) -> bool:
        """Whether the file is still there."""
        return self.source(name).exists()

    def source(self, name: str) -> Path:
        """The file as it was sent."""
        return self._folder / name / "source"

    def rows(self, name: str) -> Path:
        """The rows that were read from it."""
        return self._folder / name / "rows"

    def seen(self, name: str) -> Path:
        """What the rows claimed."""
        return self._folder / name / "seen"

    def forget(self, name: str) -> None:
        """Remove a file with all that was made of it; it may be gone already."""
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def sweep(self, now: datetime) -> None:
        """Remove what nobody came back for."""
        oldest = (now - KEPT).timestamp()
        for folder in self._folder.glob("*/"):
            if folder.stat().st_mtime < oldest:
                self.forget(folder.name)
