"""What clients ask for and the practice has to answer: the list, the answer, and how many wait."""
