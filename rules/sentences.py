"""What a result says for itself, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    zh: str
    en: str

    def say(self, language: str) -> str:
        """In "zh" or "en"."""
        return self.zh if language == "zh" else self.en
