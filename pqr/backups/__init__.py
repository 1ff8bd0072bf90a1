"""What if the machine burns?  Copies of everything, whole and checked, and the way back from them."""
