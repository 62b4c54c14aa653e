"""Names as people look for them: by the first letters of their pinyin."""

from functools import lru_cache
from itertools import islice, product

#: A character may be read in several ways (曾 c, z); more readings of a whole name than these are nobody's search.
MOST_READINGS = 4


def initials(name: str) -> str:
    """As 张三丰 → zsf; several readings are parted by a space, other characters are kept in lower case."""
    readings = islice(product(*(_letters(character) for character in name)), MOST_READINGS)
    return " ".join(dict.fromkeys("".join(reading) for reading in readings))


@lru_cache(maxsize=20_000)
def _letters(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # noqa: PLC0415 -- its dictionary takes 50 MB: for those who write names

    [found] = pinyin(character, style=Style.FIRST_LETTER, heteronym=True)
    return tuple(dict.fromkeys(letter[:1].lower() for letter in found))
