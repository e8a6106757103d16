"""What can go wrong outside our code, said in one sentence."""


class LocalError(Exception):
    """A sentence for the person at the terminal: what happened and what to do."""
