"""One file out of a multipart request, piece by piece: nothing waits for the end of the body."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from kernel.errors import Invalid, Unsupported


class NotMultipart(Unsupported):
    code = "not-multipart"
    zh = "请以 multipart/form-data 上传文件"
    en = "Upload the file as multipart/form-data"


class FileNotSent(Invalid):
    code = "file-not-sent"
    zh = "请求中没有名为 file 的文件"
    en = "The request has no file named `file`"


class UploadBroken(Invalid):
    code = "upload-broken"
    zh = "上传内容不完整或格式有误,请重试"
    en = "The upload was cut off or is malformed; please try again"


@dataclass
class UploadedPart:
    """The part named `file`: its name, then `read` until it gives nothing."""

    request: Request
    wanted: str = "file"
    name: str | None = None
    _source: AsyncIterator[bytes] = field(init=False)
    _parser: MultipartParser = field(init=False)
    _buffer: bytearray = field(default_factory=bytearray)
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _disposition: bytes = b""
    _inside: bool = False
    _ended: bool = False
    _complete: bool = False

    def __post_init__(self) -> None:
        kind, options = parse_options_header(self.request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise NotMultipart
        self._source = self.request.stream()
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin,
                    "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                    "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                    "on_header_end": self._end_of_header,
                    "on_headers_finished": self._end_of_headers,
                    "on_part_data": self._data,
                    "on_part_end": self._end_of_part,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise UploadBroken from error

    async def open(self) -> str:
        """The file's name as sent; raises FileNotSent."""
        while self.name is None and await self._more():
            pass
        if self.name is None:
            raise FileNotSent
        return self.name

    async def read(self, count: int) -> bytes:
        """At least one byte and about `count`, or nothing at the end of the file."""
        while not self._buffer and not self._ended:
            if not await self._more():
                raise UploadBroken
        piece = bytes(self._buffer[:count])
        del self._buffer[:count]
        return piece

    async def _more(self) -> bool:
        """Parse the next piece of the body; False at its end."""
        if self._complete:
            return False
        try:
            chunk = await anext(self._source, None)
            if chunk is None:
                return False
            if chunk:
                self._parser.write(chunk)
        except (FormParserError, ClientDisconnect, UnicodeDecodeError) as error:
            raise UploadBroken from error
        return True

    def _begin(self) -> None:
        self._disposition = b""

    def _end_of_header(self) -> None:
        field_name, value = (bytes(part) for part in self._header)
        self._header = (bytearray(), bytearray())
        if field_name.lower() == b"content-disposition":
            self._disposition = value

    def _end_of_headers(self) -> None:
        _, options = parse_options_header(self._disposition)
        if (
            self.name is not None
            or options.get(b"name") != self.wanted.encode()
            or b"filename" not in options
        ):
            return
        self.name = options[b"filename"].decode(errors="replace").replace("\ufffd", "_")
        self._inside = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._inside:
            self._buffer.extend(data[start:end])

    def _end_of_part(self) -> None:
        if self._inside:
            self._inside, self._ended = False, True

    def _end(self) -> None:
        self._complete = True
