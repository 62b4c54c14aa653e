"""Two-dimensional codes as pictures for templates."""

import io

import segno


def qr_svg(text: str) -> bytes:
    """An SVG of the code, error correction M, with its quiet zone; `image("/files/code.svg")` sets it at any size."""
    picture = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(
        picture, kind="svg", border=4, svgclass=None, lineclass=None
    )
    return picture.getvalue()
