"""Names of figures, nodes, kinds of events and marks, said in a plan's own words: an id is for files, not for people.

Nodes put a name into a sentence as `named(id)`; whoever has the plan says it with `Names`. Until then it is between two
characters that no name can contain, since names are printable.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.fields import inner, name, optional_name
from rules.reading import Reader
from rules.sentences import Sentence

_OPEN, _CLOSE = "\ue000", "\ue001"
_NAMED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def named(name: str) -> str:
    return f"{_OPEN}{name}{_CLOSE}"


@dataclass(frozen=True, slots=True)
class Names:
    """Id → words. Without a word in the language the id stands for itself, in English with spaces for underscores."""

    words: Mapping[str, Sentence]

    def text(self, text: str, language: str) -> str:
        return _NAMED.sub(lambda found: self.of(found.group(1), language), text) if _OPEN in text else text

    def of(self, name: str, language: str) -> str:
        known = self.words.get(name)
        said = known.say(language) if known is not None else ""
        return said or (name if language == "zh" else name.replace("_", " "))

    def sentence(self, sentence: Sentence) -> Sentence:
        return Sentence(self.text(sentence.zh, "zh"), self.text(sentence.en, "en"))


def read_words(reader: Reader) -> dict[str, Sentence]:
    """Under `words`: id → its Chinese name, or `{zh, en}`; for figures, kinds of events, levels, marks, raters, nodes."""
    table = inner(reader, "words")
    if table is None:
        return {}
    found = {}
    for key, item in table.data.items():
        if isinstance(item, str):
            found[str(key)] = Sentence(name(table, str(key)), "")
        elif (one := inner(table, str(key))) is not None:
            found[str(key)] = Sentence(name(one, "zh"), optional_name(one, "en") or "")
            one.close()
    table.close()
    return found
