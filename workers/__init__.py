"""Who does the work while nobody looks?  Celery's tasks: they take no arguments, they say "look at the ledger"."""
