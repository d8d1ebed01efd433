"""One action for many of a provider's activities: seen beforehand, done by a job, undone where that can be."""
