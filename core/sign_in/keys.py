"""Our own keys, with which we authenticate as a client: one in use and the next one, so that a change needs no hurry.

They live in one file that only the application reads; several machines share it. Both public keys are published, so a
provider knows the next one long before it is used.
"""

import json
import os
import tempfile
from pathlib import Path
from threading import Lock

from joserfc.jwk import KeySet, RSAKey

KEY_BITS = 3072
FILE_NAME = "client-keys.json"


class ClientKeys:
    """The key file. Made at the first need; read again when it changed, so that a rotation needs no restart."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME
        self._lock = Lock()
        self._read_at = 0
        self._keys: list[RSAKey] = []

    def current(self) -> RSAKey:
        """The key that signs."""
        return self._load()[0]

    def public(self) -> dict[str, object]:
        """The published set: current and next, without their secrets."""
        return dict(KeySet(list(self._load())).as_dict(private=False))

    def rotate(self) -> str:
        """Use the next key from now on and make a new next one; returns the name of the key in use."""
        _, following = self._load()
        with self._lock:
            self._write([following, _new_key()])
        return str(self.current().kid)

    def _load(self) -> list[RSAKey]:
        with self._lock:
            if not self._file.exists():
                self._write_first([_new_key(), _new_key()])
            changed_at = self._file.stat().st_mtime_ns
            if changed_at != self._read_at:
                data = json.loads(self._file.read_text("utf-8"))
                self._keys = [RSAKey.import_key(key) for key in data["keys"]]
                self._read_at = changed_at
            return self._keys

    def _write(self, keys: list[RSAKey]) -> None:
        self._written(keys).replace(self._file)

    def _write_first(self, keys: list[RSAKey]) -> None:
        written = self._written(keys)
        try:
            os.link(written, self._file)  # of two processes that start at once, one makes the file
        except FileExistsError:
            pass
        finally:
            written.unlink()

    def _written(self, keys: list[RSAKey]) -> Path:
        """A complete file beside the real one, readable for nobody else."""
        handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".client-keys-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(KeySet(list(keys)).as_dict(private=True), file)
            file.flush()
            os.fsync(handle)
        return Path(name)


def _new_key() -> RSAKey:
    return RSAKey.generate_key(KEY_BITS, {"use": "sig"}, auto_kid=True)
