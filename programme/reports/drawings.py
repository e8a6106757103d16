"""Move inline SVG drawings out of a page into separate images, which WeasyPrint renders faster.

WeasyPrint computes the style of every element in an inline SVG and draws each one. A heat strip has a hundred squares
in eight colours; here it becomes one image of eight shapes. Page and PDF still use the same fragment.
"""

from xml.etree.ElementTree import Element, register_namespace, tostring

SVG = "{http://www.w3.org/2000/svg}"
ROUND = 0.5523  # control-point distance of a Bézier curve that approximates a quarter circle

register_namespace("", SVG.strip("{}"))


def take_out(root: Element, address: str) -> dict[str, bytes]:
    """Replace each inline SVG under `root` by an image. Returns the SVGs by image address.

    Its accessible name becomes the image's alt text; a decorative one gets an empty alt.
    """
    taken: dict[str, bytes] = {}
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag in ("svg", f"{SVG}svg"):
                url = f"{address}{len(taken)}.svg"
                parent[place] = _picture(child, url)
                taken[url] = tostring(_simplified(child))
    return taken


def _picture(drawing: Element, url: str) -> Element:
    picture = Element("img", {"src": url, "alt": drawing.get("aria-label", " ")})
    picture.tail = drawing.tail
    return picture


def _simplified(drawing: Element) -> Element:
    for element in drawing.iter():
        element.tag = SVG + element.tag.removeprefix(SVG)  # an SVG file needs the namespace that HTML leaves out
    for group in drawing.iter(f"{SVG}g"):
        squares = group.findall(f"{SVG}rect")
        if squares and len(squares) == len(group):
            group[:] = [Element(f"{SVG}path", {"d": "".join(map(_outline, squares))})]
    drawing.tail = None
    return drawing


def _outline(square: Element) -> str:
    """A rounded rectangle as path data."""
    x, y, width, height, radius = (float(square.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))
    near, far = radius - radius * ROUND, radius * ROUND
    across, down = width - 2 * radius, height - 2 * radius
    return (
        f"M{x + radius:g} {y:g}"
        f"h{across:g}c{far:g} 0 {radius:g} {near:g} {radius:g} {radius:g}"
        f"v{down:g}c0 {far:g} {-near:g} {radius:g} {-radius:g} {radius:g}"
        f"h{-across:g}c{-far:g} 0 {-radius:g} {-near:g} {-radius:g} {-radius:g}"
        f"v{-down:g}c0 {-far:g} {near:g} {-radius:g} {radius:g} {-radius:g}Z"
    )
