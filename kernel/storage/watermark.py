"""Who looked, across the picture: for previews that may be photographed off a screen."""

import io
from functools import cache

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

_STEP = 5  # lines of text from one to the next
_GREY = (128, 128, 128, 96)


def watermarked(jpeg: bytes, words: str) -> bytes:
    """The picture with the words across it, slanting; about 30 ms for a picture of the size of a screen."""
    with Image.open(io.BytesIO(jpeg)) as opened:
        picture = opened.convert("RGBA")
    width, height = picture.size
    font = _font(max(14, width // 45))
    length = int(font.getlength(words))
    line = int(font.size)
    layer = Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for row, top in enumerate(range(0, height * 2, line * _STEP)):
        for left in range(-(row % 2) * length // 2, width * 2, length + line * _STEP):
            draw.text((left, top), words, font=font, fill=_GREY)
    slanting = layer.rotate(24).crop((width // 2, height // 2, width // 2 + width, height // 2 + height))
    buffer = io.BytesIO()
    Image.alpha_composite(picture, slanting).convert("RGB").save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)
