"""The key of an embedded instance: made once, whole or not at all, readable by its owner only."""

import os
import secrets
from pathlib import Path


def own_key(instance: Path) -> str:
    """The key in the instance folder; of two processes that make it at once, both get the same."""
    file = instance / "secret_key"
    if not _read(file):
        file.unlink(missing_ok=True)
        draft = instance / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was faster, its key counts
        finally:
            draft.unlink()
    return _read(file)


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""
