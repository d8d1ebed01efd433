"""The committee's work: cases, terms, judgements and decisions."""
