"""The parts of the kit that do something, in a real browser: the "…", choosing several, bars that cover nothing."""

from collections.abc import Callable

import pytest
from django.template import Context, Template
from playwright.sync_api import Page, expect

from cohorts.charts.dot_plot import DESK, PHONE, Answer, dot_plot
from cohorts.charts.geometry import Tick
from cohorts.models import Membership
from tests.browser import Live, check_accessible
from tests.cast import Cast

pytestmark = pytest.mark.looks

ACTS = """
<button class="btn btn-small btn-primary" name="act" value="resend">Resend</button>
<button class="btn btn-small" name="act" value="pause">Pause</button>
"""
ITEMS = """
<li><a href="/change">Change</a></li>
<li><form method="post" action="/hold"><button class="menu-button" type="submit">Hold</button></form></li>
"""
LIST = """
<form id="list" method="get">
  <div class="table-region" role="region" tabindex="0" aria-label="People"><table class="table">
    <thead><tr>
      <th class="box"><input type="checkbox" data-choose-all hidden aria-label="All"></th><th scope="col">Name</th>
    </tr></thead>
    <tbody>
      {% for name in names %}
        <tr>
          <td class="box"><input type="checkbox" name="chosen" value="{{ name }}" data-choose
            aria-label="{{ name }}"></td>
          <th scope="row">{{ name }}</th>
        </tr>
      {% endfor %}
    </tbody>
  </table></div>
  {% include "components/bulk_bar.html" with acts=acts %}
</form>
"""
NAMES = ["Ada", "Bo", "Max", "Pat"]


@pytest.fixture
def show(live: Live, cast: Cast) -> Callable[..., Page]:
    """Put a piece of the kit into a real page, with its style sheets, its policy and a script."""

    def show(source: str, script: str = "", **context: object) -> Page:
        live.sign_in(cast.ada)
        page = live.go("practices")
        part = Template(source).render(Context(context))
        page.evaluate("part => { document.getElementById('main').innerHTML = part }", part)
        if script:
            page.add_script_tag(url=f"{live.address}/static/js/{script}", type="module")
        return page

    return show


def the_list(show: Callable[..., Page]) -> Page:
    page = show(LIST, "bulk.js", names=NAMES, acts=Template(ACTS))
    expect(page.locator("[data-bulk][data-count]")).to_have_count(1)
    return page


def box(page: Page, name: str) -> None:
    page.get_by_role("checkbox", name=name).click()


def test_the_bar_shows_while_something_is_chosen(show: Callable[..., Page]) -> None:
    page = the_list(show)
    expect(page.get_by_role("button", name="Resend")).to_be_hidden()

    box(page, "Bo")
    expect(page.locator("output")).to_have_text("1 chosen")
    box(page, "Pat")

    expect(page.locator("output")).to_have_text("2 chosen")
    expect(page.get_by_role("button", name="Resend")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Resend")).to_be_hidden()


def test_the_head_chooses_all_and_shift_chooses_what_lies_between(show: Callable[..., Page]) -> None:
    page = the_list(show)
    everybody = page.get_by_role("checkbox", name="All")

    everybody.click()
    expect(page.locator("output")).to_have_text("4 chosen")
    box(page, "Ada")
    assert everybody.evaluate("box => box.indeterminate") is True
    box(page, "Bo")
    page.get_by_role("checkbox", name="Pat").click(modifiers=["Shift"])

    expect(page.locator("output")).to_have_text("0 chosen")


def test_without_the_script_the_buttons_stand_below_the_list(show: Callable[..., Page]) -> None:
    page = show(LIST, names=NAMES, acts=Template(ACTS))

    box(page, "Max")
    expect(page.get_by_role("button", name="Resend")).to_be_visible()
    expect(page.get_by_role("checkbox", name="All")).to_be_hidden()
    with page.expect_navigation():
        page.get_by_role("button", name="Pause").click()

    assert "chosen=Max" in page.url
    assert "act=pause" in page.url


def test_the_menu_opens_without_a_script_and_closes_with_escape(show: Callable[..., Page]) -> None:
    page = show('{% include "components/more.html" with id="more" %}', items=Template(ITEMS))
    button, link = page.get_by_role("button", name="More"), page.get_by_role("link", name="Change")

    button.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")

    expect(link).to_be_hidden()
    expect(button).to_be_focused()


def test_the_menu_stays_on_the_screen_beside_its_button(show: Callable[..., Page]) -> None:
    part = '<div class="acts">{% include "components/more.html" with id="more" %}</div>'
    page = show(part, items=Template(ITEMS))
    page.get_by_role("button", name="More").click()

    button, menu = page.get_by_role("button", name="More").bounding_box(), page.locator("#more").bounding_box()

    assert button is not None
    assert menu is not None
    assert 0 <= menu["x"] <= 390 - menu["width"]
    assert 0 <= menu["y"] - (button["y"] + button["height"]) < 12


FORM = """
<form>{% for n in "123456789abcdefghijklm" %}
  <label class="form-label" for="f{{ n }}">Field {{ n }}</label><input class="form-control" id="f{{ n }}">
{% endfor %}<div class="action-bar"><button class="btn btn-primary">Save</button></div></form>
"""


CLEAR_OF_THE_BAR = """() => document.activeElement.getBoundingClientRect().bottom
    <= document.querySelector(".action-bar").getBoundingClientRect().top"""


def test_what_has_the_focus_is_never_under_the_bar(show: Callable[..., Page]) -> None:
    page = show(FORM)
    page.locator("#f1").focus()

    for _field in range(12):
        page.keyboard.press("Tab")
        page.wait_for_function(CLEAR_OF_THE_BAR, timeout=5000)  # the browser scrolls a moment later


LOCKED = """
{% for name, element in fields %}<div class="{{ name }}">{{ element|safe }}</div>{% endfor %}
"""
FIELDS = {
    "text": '<input class="form-control" value="Oslo" {}>',
    "list": '<select class="form-select" {}><option>Oslo</option></select>',
    "box": '<div class="form-check"><input type="checkbox" class="form-check-input" {}>'
    '<label class="form-check-label">Oslo</label></div>',
    "choice": '<div class="choice"><input type="radio" checked {}><span>Oslo</span></div>',
}
SEEN = """name => {
    const style = getComputedStyle(document.querySelector(`.${name} :is(.form-control, .form-select, label, span)`))
    return [style.borderStyle, style.backgroundColor, style.backgroundImage, style.color]
}"""


def test_a_locked_field_looks_locked(show: Callable[..., Page]) -> None:
    looks = []
    for lock in ("", "disabled"):
        page = show(LOCKED, fields=[(name, element.format(lock)) for name, element in FIELDS.items()])
        looks.append({name: page.evaluate(SEEN, name) for name in FIELDS})

    open_, locked = looks
    assert [name for name in FIELDS if open_[name][-1] == locked[name][-1]] == []
    assert {locked[name][0] for name in ("text", "list", "choice")} == {"dashed"}
    assert locked["list"][2] == "none"


def test_the_bar_is_opaque_in_both_themes(show: Callable[..., Page]) -> None:
    page = show(FORM)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ground = page.locator(".action-bar").evaluate("bar => getComputedStyle(bar).backgroundColor")
        assert not ground.startswith("rgba"), scheme


def test_the_kit_is_accessible(show: Callable[..., Page]) -> None:
    tabs = [
        {"url": "/a", "label": "Leaders", "count": 186, "is_current": True},
        {"url": "/b", "label": "Calendar", "count": None, "is_current": False},
    ]
    figures = [{"label": "Practised", "number": 139, "of": "of 186", "sentence": "Nine more.", "asks": True}]
    page = show(
        """
        {% include "components/page_header.html" with title="Team leaders" facts="Day 47" back_url="/" acts=acts %}
        {% include "components/tabs.html" with label="Cohort" %}
        {% include "components/figures.html" %}
        <div class="toolbar">
          {% include "components/chips.html" with chips=tabs label="Show" %}
          <div class="push">{% include "components/search.html" with label="Name or sponsor" kept=kept %}</div>
        </div>
        <section class="sheet"><div class="sheet-head"><h2>Rows</h2></div><ul class="rows">
          {% include "components/row.html" with name="Pål" url="/p" line="Bounced" act_url="/m" act_label="Resend" %}
          {% include "components/row.html" with name="Mia" line="Quiet" act_url="/m" act_label="Tell" posts=True %}
        </ul></section>
        {% for tone in tones %}
          <p>{% include "components/status.html" with text="Hasn’t signed in" why="mail bounced" %}</p>
        {% endfor %}
        {% include "components/strip.html" with label="Practised 3 of 9" %}
        {% include "components/strip_key.html" %}
        """,
        tabs=tabs,
        figures=figures,
        acts=Template('{% include "components/more.html" with id="more" %}'),
        items=Template(ITEMS),
        kept=[("status", "quiet")],
        tones="good waiting quiet off app paused asks trouble".split(),
        cells="done miss done done miss off off miss miss miss miss ahead off hold".split(),
    )

    check_accessible(page)


ANSWERS = [
    Answer("Encouraging", "You 1.2 higher", 9, 3.1, 3.5, 4.3, (2.3, 3.9), is_strong=True),
    Answer("Enthusiastic", "About the same", 8, 4.0, 3.5, 4.0, (3.3, 4.7)),
    Answer("Taking initiative", "You 1.1 lower", None, None, None, 3.0),
]
TICKS = [
    Tick(value, word)
    for value, word in enumerate(("Hardly ever", "Now and then", "Half the time", "Often", "Nearly always"), start=1)
]


PLOT = """<h1>How others see your leadership</h1><section class="card">
  {% include "components/charts/_dot_plot.html" with id="plot" title="You differ most on encouraging" %}
</section>"""


@pytest.mark.parametrize("width", [320, 390, 1000, 1280])
def test_words_of_a_dot_plot_keep_their_size_at_any_width(show: Callable[..., Page], width: int) -> None:
    page = show(
        PLOT,
        desk=dot_plot(ANSWERS, ticks=TICKS, layout=DESK),
        phone=dot_plot(ANSWERS, ticks=TICKS, layout=PHONE),
        group_name="your team",
        person_name="Bjørn, your manager",
    )
    page.set_viewport_size({"width": width, "height": 900})

    drawing = page.locator(".dot-plot > div > svg:visible")
    sizes = drawing.locator(".tick").evaluate_all(
        "words => words.map(word => word.getScreenCTM().a * parseFloat(getComputedStyle(word).fontSize))"
    )
    assert set(sizes) == {12.5}
    check_accessible(page, looks=[("dark", width)])


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ingrid Solheim", "IS"), ("Åse-Kristin Bjørnstjerne-Ødegård", "ÅB"), ("Cher", "C"), ("Ole Petter Moe", "OM")],
)
def test_initials_are_of_the_first_and_last_name(name: str, letters: str) -> None:
    assert Membership(name=name).initials == letters
