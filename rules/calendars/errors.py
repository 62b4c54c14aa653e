"""What a calendar cannot answer."""

from rules.sentences import Sentence


class CalendarError(ValueError):
    """The calendar does not know; it never guesses."""

    def __init__(self, zh: str, en: str) -> None:
        self.sentence = Sentence(zh, en)
        super().__init__(en)
