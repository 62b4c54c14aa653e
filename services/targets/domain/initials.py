"""Pinyin initials, so that 矛盾纠纷排查 is found by mdjfpc."""


def initials(name: str) -> str:
    """In lower case; letters and digits stay as they are, everything else is left out."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 -- its dictionary takes 50 MB: for those who write names

    letters = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(c for c in "".join(letters).lower() if c.isascii() and c.isalnum())
