"""The committee's work: cases, terms, assessments and decisions."""
