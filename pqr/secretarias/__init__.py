"""Whose is it?  The offices of the municipality, the topics they answer for, and the choice between them."""
