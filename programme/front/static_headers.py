"""What static files say beside their type. Apart, because settings import it."""

from collections.abc import MutableMapping


def forbid_framing(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """No page elsewhere may frame a static file either. Pages have the whole policy; here it would cost more bytes."""
    headers["Content-Security-Policy"] = "frame-ancestors 'none'"
