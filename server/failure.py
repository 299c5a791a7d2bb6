"""A failure to start that a person can mend; the commands print its sentence and exit with status 1."""


class CannotStart(Exception):
    """Something outside the program is in the way; the message says what it is and what to do."""
