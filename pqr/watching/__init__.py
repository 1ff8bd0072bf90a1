"""IS IT WELL?  What is measured of the service, what an operator must do about it, and who is told."""
