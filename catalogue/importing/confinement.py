"""Reading a workbook in a process of its own with little memory and time, so that no file can harm the server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from catalogue.importing.archives import BROKEN, TOO_HEAVY
from catalogue.importing.tables import UnreadableFile
from core.config import REPOSITORY

SECONDS = 60
NEEDED = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
# Not the workbook's fault: the disk is full, or somebody stops the server.
OURS = (os.EX_IOERR, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)


def read_workbook(source: Path, half: Path, most_rows: int) -> None:
    """Have the rows written to `half`. Raises `UnreadableFile`, also when reading takes too much memory or time.

    Raises `ChildProcessError` when it may go better another time.
    """
    program = [sys.executable, "-m", "catalogue.importing.spreadsheets"]
    known = {name: os.environ[name] for name in NEEDED if name in os.environ}  # and none of anybody's secrets
    try:
        done = subprocess.run(  # noqa: S603 -- our own command
            [*program, str(source.resolve()), str(half.resolve()), str(most_rows)],
            cwd=REPOSITORY,
            env=known,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(TOO_HEAVY) from None
    if done.returncode in OURS:
        raise ChildProcessError(done.returncode, done.stderr.decode(errors="replace"))
    if done.returncode == os.EX_DATAERR:
        raise UnreadableFile(done.stdout.decode())
    if done.returncode:  # below 0: ended by a signal, out of memory or time
        raise UnreadableFile(TOO_HEAVY if done.returncode < 0 else BROKEN)
