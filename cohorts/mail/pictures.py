"""Show a mail with the pictures it brings, where nothing may be loaded. Pure."""

from base64 import b64encode
from email.message import EmailMessage


def html_with_pictures(message: EmailMessage) -> str:
    """The HTML part, with each PNG it names by `cid:` written into its place; empty without such a part."""
    body = message.get_body(("html",))
    if body is None:
        return ""
    html = str(body.get_content())
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "image/png" and part["Content-ID"] and isinstance(content, bytes):
            address = f"data:image/png;base64,{b64encode(content).decode()}"
            html = html.replace(f"cid:{part['Content-ID'].strip('<>')}", address)
    return html
