"""A person who opens pages, fills in every form they find, and sends it: right the first time, then with extremes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.architecture.extremes import LONG
from tests.times import TODAY

IN_A_WEEK = (TODAY + timedelta(days=7)).isoformat()
FILLED = {
    "date": IN_A_WEEK,
    "time": "10:00",
    "number": "1",
    "email": "nina@firm.test",
    "url": "https://firm.test/",
    "text": "A few words",
    "textarea": "A few words",
    "search": "words",
}
SILENT = {"submit", "button", "reset", "image", "file"}


@dataclass
class Control:
    """One field of a form, with what a browser would send for it now."""

    name: str
    kind: str
    value: str = ""
    is_chosen: bool = True
    least: str = ""
    is_required: bool = False


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """What somebody sends who fills in what is empty and changes nothing else."""
        sent: dict[str, list[str]] = {}
        for control in self.controls:
            if control.is_chosen:
                value = control.value or control.least or FILLED.get(control.kind, "")
                sent.setdefault(control.name, []).append(value)
        for control in self.controls:  # of those to choose from, the first one when none is chosen
            if control.name not in sent and control.kind in ("radio", "checkbox", "option") and control.value:
                sent[control.name] = [control.value]
        return sent

    def kinds(self) -> Mapping[str, str]:
        return {control.name: control.kind for control in self.controls}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.by_id: dict[str, Form] = {}
        self.select: tuple[Form, str] | None = None
        self.textarea: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self.form)
            self.by_id[said.get("id", "")] = self.form
        form = self.by_id.get(said["form"]) if "form" in said else self.form
        if form is not None:
            getattr(self, f"_{tag}", lambda form, said: None)(form, said)

    def _input(self, form: Form, said: dict[str, str]) -> None:
        kind = said.get("type", "text")
        if "name" in said and kind not in SILENT and "disabled" not in said:
            is_chosen = kind not in ("radio", "checkbox") or "checked" in said
            value = said.get("value", "on" if kind in ("radio", "checkbox") else "")
            form.controls.append(Control(said["name"], kind, value, is_chosen, said.get("min", "")))

    def _button(self, form: Form, said: dict[str, str]) -> None:
        if "name" in said:
            form.controls.append(Control(said["name"], "button", said.get("value", ""), is_chosen=False))

    def _select(self, form: Form, said: dict[str, str]) -> None:
        self.select = (form, said["name"]) if "name" in said and "disabled" not in said else None

    def _option(self, form: Form, said: dict[str, str]) -> None:
        if self.select is not None:
            owner, name = self.select
            owner.controls.append(Control(name, "option", said.get("value", ""), "selected" in said))

    def _textarea(self, form: Form, said: dict[str, str]) -> None:
        if "name" in said:
            self.textarea = Control(said["name"], "textarea")
            form.controls.append(self.textarea)

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea is not None:
            self.textarea.value = self.textarea.value.strip()
            self.textarea = None


def forms_in(html: str, where: str) -> Iterator[Form]:
    """The forms of a page that change something, with their addresses."""
    reader = _Reader()
    reader.feed(html)
    for form in reader.forms:
        if form.method == "post":
            form.action = urlsplit(urljoin(where, form.action or where)).path
            yield form


def extreme_forms(form: Form) -> Iterator[dict[str, Any]]:
    """Twice, with an extreme in every field at once. The actions get each of their values alone."""
    good, kinds = form.filled(), form.kinds()
    names = [name for name in kinds if name != "csrfmiddlewaretoken"]
    texts = [name for name in names if kinds[name] in TYPED]
    for number, long in enumerate(("a\0b\u202egnp\r\nBcc: b@firm.test", LONG)) if names else ():
        bad = {name: [EXTREMES[kinds[name]][number]] for name in names if kinds[name] in EXTREMES}
        # One text of a million letters is work enough: the page shows it again.
        yield {**good, **bad, **{name: [long] for name in (texts[:1] if long is LONG else texts)}}


TYPED = ("text", "textarea", "search", "email", "url")
EXTREMES = {
    "date": ("0001-01-01", "9999-12-31"),
    "number": ("NaN", "1e400"),
    "time": ("", "24:00"),
    **dict.fromkeys(("hidden", "option", "radio", "checkbox", "button"), ("", str(2**63))),
}
QUERIES = ("0001-01-01", "9999-12-31", str(2**63), "a\0b\u202e" + "x" * 2000)
