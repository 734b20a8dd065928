class CannotStart(Exception):
    """One sentence for the person who starts Carnet: what is wrong and what to do. Ends with exit code 2."""
