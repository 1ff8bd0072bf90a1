"""What is public?  The avisos of the board and the web, and what they may show."""
