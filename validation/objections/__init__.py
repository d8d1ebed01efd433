"""Objecting to a decision: a case of its own, handled by people who had no part in the decision."""
