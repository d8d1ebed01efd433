"""The teacher's own list of activities and hours."""
