"""Words → activities. The index is a copy that can be rebuilt any time; numbers never depend on it."""
