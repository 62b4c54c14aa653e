"""A program by itself: `python -m kernel.storage.rendering FILE MEDIA_TYPE`, pictures on standard output.

Whoever sends a malformed file attacks this process, which has nothing: the file is open, nothing else can be written,
memory and processor time are limited, and where it was started as root it is nobody now. It knows no settings and no secret.
"""

import io
import json
import os
import pwd
import resource
import sys
from collections.abc import Iterator
from typing import IO, Any, Final

import pypdfium2
from PIL import Image, ImageOps

MEMORY: Final = 768 * 1024 * 1024
PROCESSOR_S: Final = 20
PIXELS: Final = 100_000_000
THUMBNAIL: Final = 320
WEB: Final = 1600
MOST_PAGES: Final = 12
QUALITY: Final = 80
#: An image whose shades differ by less than this in nine by eight fields looks like any other empty page.
FLATTEST: Final = 12
_NARROW: Final = 4  # of 64 bits: fewer that are set, or not set, say as little

Picture = tuple[str, Image.Image]


def confine() -> None:
    """No files, little memory, little time, no rights. Everything that is needed has been imported and opened."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # twice that is refused
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


def of_image(file: IO[bytes]) -> tuple[dict[str, Any], list[Picture]]:
    """Upright, in the size of screens, without the place and time that cameras write into photographs."""
    with Image.open(file) as opened:
        width, height = opened.size
        opened.draft("RGB", (WEB, WEB))
        image = ImageOps.exif_transpose(opened).convert("RGB")
    facts = {"width": width, "height": height, "pages": None, "look": look_of(image)}
    return facts, [("web", _within(image, WEB)), ("thumbnail", _within(image, THUMBNAIL))]


def of_pdf(file: IO[bytes]) -> tuple[dict[str, Any], list[Picture]]:
    document = pypdfium2.PdfDocument(file.read())
    pages = len(document)
    found: list[Picture] = []
    for number in range(min(pages, MOST_PAGES)):
        page = document[number]
        longest = max(page.get_size())
        if number == 0:
            first = page.render(scale=WEB / longest).to_pil().convert("RGB")
            found += [("web", first), ("thumbnail", _within(first, THUMBNAIL))]
        found.append((f"page-{number + 1}", page.render(scale=THUMBNAIL / longest).to_pil().convert("RGB")))
    return {"width": None, "height": None, "pages": pages, "look": None}, found


def look_of(image: Image.Image) -> int | None:
    """The difference hash (dHash): 64 bits, each whether a field is brighter than the one beside it. None of what looks like nothing."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    shades = list(grey.tobytes())
    if max(shades) - min(shades) < FLATTEST:
        return None
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (shades[place] > shades[place + 1])
    return bits if _NARROW <= bits.bit_count() <= 64 - _NARROW else None


def _within(image: Image.Image, longest: int) -> Image.Image:
    smaller = image.copy()
    smaller.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return smaller


def _encoded(pictures: list[Picture]) -> Iterator[tuple[str, Image.Image, bytes]]:
    for kind, image in pictures:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
        yield kind, image, buffer.getvalue()


def main(path: str, media_type: str) -> int:
    """One line of JSON: facts and the lengths of the pictures; then the pictures. 1 if the file cannot be shown."""
    with open(path, "rb") as file:  # noqa: PTH123 -- nothing more than is needed
        confine()
        try:
            facts, pictures = of_pdf(file) if media_type == "application/pdf" else of_image(file)
            done = list(_encoded(pictures))
        except Exception as error:  # noqa: BLE001 -- whatever a file does to a decoder is said and no more
            print(f"{type(error).__name__}: {error}"[:300], file=sys.stderr)  # noqa: T201
            return 1
    head = facts | {"pictures": [[kind, *image.size, len(content)] for kind, image, content in done]}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for _, _, content in done:
        sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
