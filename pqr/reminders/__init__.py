"""Who must be nudged?  The ladder of reminders and the morning digest."""
