"""Importing offers, of the former register or a provider's own. Strict in what lands, generous in what it reads."""
