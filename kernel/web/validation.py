"""pydantic's findings as sentences in both languages."""

from collections.abc import Iterator, Sequence
from typing import Any

_ZH = {
    "missing": "必填",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "位数过多,最多 {max_digits} 位",
    "decimal_max_places": "小数位过多,最多 {decimal_places} 位",
    "decimal_whole_digits": "整数位过多,最多 {whole_digits} 位",
    "finite_number": "应为有限的数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不应小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不应大于 {le}",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "uuid_type": "应为标识(UUID)",
    "uuid_parsing": "应为标识(UUID)",
    "enum": "应为以下之一:{expected}",
    "literal_error": "应为以下之一:{expected}",
    "date_type": "应为日期",
    "date_parsing": "应为日期,如 2026-11-25",
    "date_from_datetime_parsing": "应为日期,如 2026-11-25",
    "datetime_type": "应为时间",
    "datetime_parsing": "应为时间,如 2026-11-25T18:00:00+08:00",
    "datetime_from_date_parsing": "应为时间,如 2026-11-25T18:00:00+08:00",
    "timezone_aware": "时间须带时区",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是有效的 JSON",
    "control_characters": "含有不允许的控制字符",
}


def sentences(errors: Sequence[Any]) -> Iterator[tuple[str, str, str, str]]:
    """(place, code, Chinese, English) of each error; the value that was sent is not repeated."""
    for error in errors:
        code = str(error["type"])
        # Names of unknown fields are the sender's: half a character cannot be sent back.
        place = ".".join(str(part) for part in error["loc"]).encode(errors="replace").decode()
        english = str(error["msg"])
        chinese = _ZH.get(code)
        context = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
        yield place, code, chinese.format_map(_Blank(context)) if chinese else english, english


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"
