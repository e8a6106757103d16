"""Put the pictures of one page, before and after, into one contact sheet: `python -m tests.sheets.join BEFORE AFTER`.

Above what was before, below what is now: phone and desk, each light and dark. A page that is new has one row, and so
have the printed reports of the demo's leaders, page by page.
"""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
LOOKS = ("phone-light", "phone-dark", "desk-light", "desk-dark", "paper-light")
REPORT = "printed-report-of-"
MAX_BYTES = 110_000  # some sixty sheets stay under 6 MB
SCALES = (0.66, 0.6, 0.54, 0.48, 0.42, 0.36)
QUALITY = 60
GAP, CAPTION = 16, 40
PAPER, INK = "#8a8f98", "#ffffff"


def main(before: Path, after: Path) -> None:
    names = sorted({picture.name.split(".")[0] for picture in after.glob("*.png")})
    for old in HERE.glob("*.webp"):
        old.unlink()
    for name in names:
        rows = [("Before", pictures(before, name)), ("After", pictures(after, name))]
        content = fitting(rows[1:] if name.startswith(REPORT) else rows, name)
        (HERE / f"{name}.webp").write_bytes(content)


def pictures(folder: Path, name: str) -> list[Image.Image]:
    paths = [folder / f"{name}.{look}.png" for look in LOOKS] + sorted(folder.glob(f"{name}.paper-[1-9].png"))
    return [Image.open(path).convert("RGB") for path in paths if path.exists()]


def fitting(rows: Sequence[tuple[str, list[Image.Image]]], name: str) -> bytes:
    """As large as MAX_BYTES allow; the smallest scale if none does."""
    for scale in SCALES:
        file = io.BytesIO()
        sheet(rows, name, scale).save(file, "webp", quality=QUALITY, method=6)
        if file.tell() <= MAX_BYTES:
            break
    return file.getvalue()


def sheet(rows: Sequence[tuple[str, list[Image.Image]]], name: str, scale: float) -> Image.Image:
    title = name.replace("-", " ")
    captions = [f"{label}: {title}" if images else f"{label}: this page is new" for label, images in rows]
    small = [
        [
            image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
            for image in images
        ]
        for _, images in rows
    ]
    heights = [CAPTION + max((image.height + GAP for image in images), default=0) for images in small]
    width = max(GAP + sum(image.width + GAP for image in images) for images in small)
    whole = Image.new("RGB", (width, sum(heights)), PAPER)
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(size=20)
    top = 0
    for caption, images, height in zip(captions, small, heights, strict=True):
        draw.text((GAP, top + CAPTION / 2), caption, fill=INK, font=font, anchor="lm")
        left = GAP
        for image in images:
            whole.paste(image, (left, top + CAPTION))
            left += image.width + GAP
        top += height
    return whole


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
