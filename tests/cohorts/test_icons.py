"""An icon is drawn once and looks as heroicons draws it."""

from django.template import Context, Template
from heroicons.templatetags import heroicons


def drawn(tag: str) -> str:
    return Template(f"{{% {tag} %}}").render(Context({"name": "check", "title": '"<b>"'}))


def test_icons_look_as_their_library_draws_them() -> None:
    assert drawn('heroicon_outline name class="big"') == heroicons.heroicon_outline("check", **{"class": "big"})
    assert drawn('heroicon_outline name class="small"') == heroicons.heroicon_outline("check", **{"class": "small"})
    assert drawn("heroicon_mini name") == heroicons.heroicon_mini("check")
    assert drawn("heroicon_solid name size=12") == heroicons.heroicon_solid("check", size=12)
    assert "&lt;b&gt;" in drawn("heroicon_micro name title=title")


def test_an_icon_is_drawn_only_once(monkeypatch) -> None:
    first = drawn('heroicon_mini "bell" aria_hidden="true"')
    monkeypatch.setattr(heroicons, "_render_icon", None)

    assert drawn('heroicon_mini "bell" aria_hidden="true"') == first
