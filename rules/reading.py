"""Taking typed parameters out of a rule's data, remembering everything that is wrong."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rules.findings import Finding
from rules.suggesting import meant

LONGEST = 24
DEEPEST = 12
MOST_ENTRIES = 200
LONGEST_NAME = 60
MOST_DECIMALS = 6


class Reader:
    """Reads one object; `findings` is shared by the whole rule."""

    def __init__(self, data: Mapping[str, Any], place: str, findings: list[Finding], depth: int = 0) -> None:
        self.data, self.place, self.findings, self.depth = data, place, findings, depth
        self._read = {"type"}

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def refuse(self, key: str, code: str, zh: str, en: str) -> None:
        self.findings.append(Finding(self.at(key) if key else self.place, code, zh, en))

    def number(self, key: str, default: str | None = None, *, least: int | None = None) -> Decimal:
        """A finite decimal, as text or integer; binary fractions are refused."""
        found = self.optional_number(key, least=least)
        if found is not None:
            return found
        if default is not None:
            return Decimal(default)
        if key not in self.data:
            self.refuse(key, "missing", "缺少该参数", "this parameter is missing")
        return Decimal(0)

    def optional_number(self, key: str, *, least: int | None = None) -> Decimal | None:
        self._read.add(key)
        value = self.data.get(key)
        if value is None:
            return None
        found = as_decimal(value)
        if found is None:
            self.refuse(
                key,
                "not-a-number",
                f"应为数字(写成文字或整数),写的是 {shown(value)}",
                f"not a number (written as text or an integer): {shown(value)}",
            )
        elif least is not None and found < least:
            self.refuse(key, "too-small", f"不应小于 {least}", f"must not be below {least}")
        return found

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        self._read.add(key)
        value = self.data.get(key, default)
        if value is None:
            self.refuse(key, "missing", "缺少该参数", "this parameter is missing")
        elif value not in options:
            self.refuse(
                key,
                "not-an-option",
                f"应为以下之一:{'、'.join(options)},写的是 {shown(value)}",
                f"must be one of {', '.join(options)}, not {shown(value)}",
            )
        else:
            return str(value)
        return options[0]

    def decimals(self) -> int | None:
        """The node's own rounding: 0 to 6 decimals, half up."""
        self._read.add("decimals")
        value = self.data.get("decimals")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_DECIMALS:
            self.refuse(
                "decimals", "not-decimals", "小数位应为 0 至 6 的整数", "decimals are an integer from 0 to 6"
            )
            return None
        return value

    def raw(self, key: str) -> Any:
        self._read.add(key)
        return self.data.get(key)

    def objects(self, key: str) -> list["Reader"]:
        """A list of objects, not empty."""
        value = self.raw(key)
        if not isinstance(value, list) or not value or len(value) > MOST_ENTRIES:
            self.refuse(key, "not-a-list", "应为非空列表", "must be a list that is not empty")
            return []
        readers = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                readers.append(Reader(item, f"{self.at(key)}.{index}", self.findings, self.depth + 1))
            else:
                self.refuse(f"{key}.{index}", "not-an-object", "应为对象", "must be an object")
        return readers

    def table(self, key: str) -> dict[str, Decimal]:
        """Names with numbers; empty if absent."""
        value = self.raw(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or len(value) > MOST_ENTRIES:
            self.refuse(key, "not-a-table", "应为“名称:数值”表", "must be a table of names and numbers")
            return {}
        found = {}
        for name, entry in value.items():
            number = as_decimal(entry)
            if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
                self.refuse(
                    key,
                    "name-invalid",
                    "名称应为 1 至 60 个可见字符",
                    "a name has 1 to 60 visible characters",
                )
            elif number is None:
                self.refuse(f"{key}.{name}", "not-a-number", "应为数字", "not a number")
            else:
                found[name] = number
        return found

    def close(self) -> None:
        """Unknown keys are errors: a misspelt parameter must not be taken for a default."""
        for key in self.data.keys() - self._read:
            label = shown(key).strip("“”")
            said = meant(label, self._read - {"type", *self.data})
            self.refuse(label, "unknown", f"不认识的参数{said.zh}", f"unknown parameter{said.en}")


def as_decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, int) and abs(value) >= 10**LONGEST:
        return None
    if isinstance(value, str) and (len(value) > LONGEST or value.strip() != value):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and (not number or abs(number.adjusted()) <= LONGEST) else None


def text(number: Decimal) -> str:
    """Canonical text of a parameter."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in {"", "-0"} else plain


def shown(value: Any) -> str:
    """What was written, short enough for a message; a lone surrogate cannot be sent back."""
    said = str(value)[:LONGEST_NAME].encode("utf-8", "replace").decode()
    return f"“{said}”" if isinstance(value, str) else said
