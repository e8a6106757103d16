"""The line of sight: the whole tree, and one branch of it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission, may
from goals.objectives.drawing import MAX_CHILDREN, Drawn, draw, own_team, sheet_of
from goals.objectives.policies import Reader
from goals.objectives.tree import Tree, tree_of

PAGE = MAX_CHILDREN


@allow(Permission.READ_PROGRAMME)
@require_safe
def objectives(request: MemberRequest) -> HttpResponse:
    """The tree from the organisation down, and below it what is not yet connected."""
    tree = tree_of(Reader.of(request.membership), request.today)
    team = own_team(request.membership)
    key = request.membership.pk
    roots = draw(tree.roots, tree, key, team)
    loose = draw(tree.loose[:PAGE], tree, key, team)
    context = {
        "roots": roots,
        "loose": loose,
        "more_loose": len(tree.loose) - len(loose),
        "facts": facts(tree, asks=team.asks),
        "has_chips": any_chips([*roots, *loose]),
        "leads_team": may(request.membership, Permission.WALK),
        "has_team": bool(team.members),
        "is_admin": request.membership.is_admin,
    }
    return render(request, "goals/objectives/objectives.html", context)


@allow(Permission.READ_PROGRAMME)
@require_safe
def objective_branch(request: MemberRequest, pk: int) -> HttpResponse:
    """What stands below one objective; for htmx the list alone, to stand in its place."""
    tree = tree_of(Reader.of(request.membership), request.today)
    node = tree.nodes.get(pk)
    if node is None or not node.is_visible:
        raise Http404
    team = own_team(request.membership)
    key = request.membership.pk
    page = Paginator(node.shown, PAGE).get_page(request.GET.get("page"))
    children = draw(page.object_list, tree, key, team)
    context = {"node": node, "children": children, "page": page}
    if getattr(request, "htmx", False):
        return render(request, "goals/objectives/_below.html", context)
    context |= {
        "line": [sheet_of(above, tree, key, team) for above in [*tree.ancestors(node)][::-1]],
        "drawn": sheet_of(node, tree, key, team),
        "has_chips": any_chips(children),
    }
    return render(request, "goals/objectives/branch.html", context)


def any_chips(sheets: list[Drawn]) -> bool:
    return any(each.chips or any_chips(each.children) for each in sheets)


def facts(tree: Tree, *, asks: int) -> str:
    """What needs attention, in one line."""
    shown = [node for node in tree.nodes.values() if node.is_visible and not node.is_ended]
    hanging = sum(node.hangs for node in shown)
    loose = sum(not node.is_connected for node in shown)
    said = []
    if hanging:
        words = ngettext("%(count)s objective is left hanging", "%(count)s objectives are left hanging", hanging)
        said.append(words % {"count": hanging})
    if loose:
        words = ngettext("%(count)s is not yet connected", "%(count)s are not yet connected", loose)
        said.append(words % {"count": loose})
    if asks:
        words = ngettext(
            "%(count)s member of your team waits for an answer",
            "%(count)s members of your team wait for an answer",
            asks,
        )
        said.append(words % {"count": asks})
    if said:
        return ", ".join(said) + "."
    return _("Every objective has its place.") if shown else ""
