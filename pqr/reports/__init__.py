"""How are we doing?  The 80 % indicator, with its fraction always beside it."""
