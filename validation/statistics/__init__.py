"""What the register says in figures of its own work, to the committee and in public. See `docs/statistics.md`."""
