"""What may happen to a petition?  Its row, its number, its events, and every act on it."""
