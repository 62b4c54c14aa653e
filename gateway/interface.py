"""The built pages of `web/`: one document for every address of theirs, and files that never change under their name."""

from os import PathLike, stat_result
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

BUILT: Final = Path(__file__).parent / "static" / "app"
#: Nothing but our own files: no inline script or style, no other host. Photographs are looked at before they are sent.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: The name of such a file is made from its content.
FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
ALWAYS_ASKED: Final = {"Cache-Control": "no-cache"}
ALONE: Final = ("boot.js", "unsupported.html", "unsupported.css")


def is_built(folder: Path) -> bool:
    """Whether the pages are there; a checkout that nobody has built yet has the plain start page instead."""
    return (folder / "index.html").is_file()


def routes(folder: Path) -> list[Any]:
    return [
        Mount("/assets", _Files(directory=folder / "assets", headers=FOR_EVER)),
        Mount("/pdf", _Files(directory=folder / "pdf", headers=ALWAYS_ASKED, check_dir=False)),
        Mount("/legacy", _Files(directory=folder / "legacy", headers=ALWAYS_ASKED, check_dir=False)),
        *(Route(f"/{name}", _file(folder / name)) for name in ALONE),
        Route("/", _file(folder / "index.html")),
    ]


def page(folder: Path) -> Response:
    """The document that shows any page; which one, it reads from its address."""
    return FileResponse(folder / "index.html", headers=HEADERS | ALWAYS_ASKED)


def _file(path: Path) -> Any:
    async def answer(_: Request) -> Response:
        return FileResponse(path, headers=HEADERS | ALWAYS_ASKED)

    return answer


class _Files(StaticFiles):
    def __init__(self, *, directory: Path, headers: dict[str, str], check_dir: bool = True) -> None:
        super().__init__(directory=directory, check_dir=check_dir)
        self._headers = HEADERS | headers

    @override
    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file as the build packed it, for whoever takes it so: packing is not done again for each reader."""
        packed = Path(f"{full_path}.gz")
        if "gzip" in Headers(scope=scope).get("accept-encoding", "") and packed.is_file():
            response = super().file_response(packed, packed.stat(), scope, status_code)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(self._headers)
        response.headers.add_vary_header("Accept-Encoding")
        return response
