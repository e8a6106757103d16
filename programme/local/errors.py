"""Errors of the machine, not of the code."""


class LocalError(Exception):
    """Message for the terminal: what happened and what to do."""
