"""A person's hand in a browser test: every press and every key goes through it and is counted."""

from pathlib import Path

from playwright.sync_api import Locator


class Hand:
    """Counts clicks or taps, and characters typed. Finding the place with the eyes, and scrolling, cost it nothing."""

    def __init__(self) -> None:
        self.presses = self.keys = 0

    def press(self, what: Locator) -> None:
        self.presses += 1
        what.click()

    def type(self, field: Locator, text: str) -> None:
        """Press the field, then the keys of `text`."""
        self.press(field)
        self.keys += len(text)
        field.fill(text)

    def choose(self, field: Locator, file: Path) -> None:
        """One press for the field; what the system's own window takes is not counted."""
        self.presses += 1
        field.set_input_files(file)
