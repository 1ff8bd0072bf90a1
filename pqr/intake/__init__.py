"""What is this message?  From a stored mail to one verdict, and from the verdict to an act."""
