"""What the register does by itself every day: lapsed questions, reminders, absences, changed holidays."""
