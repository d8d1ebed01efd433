"""Taking over the offers of the former register from an export. Strict in what lands, generous in what it reads."""
