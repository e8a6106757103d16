"""The objectives an admin keeps: those of the organisation and its departments, with what teams made of them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.web.chips import Chip, address_of
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from goals.models import Place
from goals.objectives.drawing import own_team, sheet_of
from goals.objectives.policies import Reader
from goals.objectives.tree import Node, tree_of

PAGE = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def kept_objectives(request: MemberRequest) -> HttpResponse:
    """Filtered by place, department or what hangs in the air; what cannot be read narrows nothing."""
    tree = tree_of(Reader.of(request.membership), request.today)
    kept = [node for node in tree.nodes.values() if not node.is_ended]
    departments = sorted({node.department for node in kept if node.department}, key=str.casefold)
    wanted = {name: request.GET.get(name, "") for name in ("place", "department")}
    if wanted["department"] not in departments:
        wanted["department"] = ""
    chosen = wanted["place"] if wanted["place"] in (*Place.values, "hanging", "ended") else "kept"
    here = [node for node in tree.nodes.values() if wanted["department"] in ("", node.department)]
    page = Paginator(_of(here, chosen), PAGE).get_page(request.GET.get("page"))
    team = own_team(request.membership)
    context = {
        "page": page,
        "sheets": [sheet_of(node, tree, request.membership.pk, team) for node in page],
        "chips": [
            Chip(_address(name, wanted["department"]), label, len(_of(here, name)), chosen == name)
            for name, label in labels().items()
        ],
        "departments": departments,
        "department": wanted["department"],
        "chosen": chosen,
        "is_empty": not kept,
    }
    return render(request, "goals/objectives/kept_objectives.html", context)


def labels() -> dict[str, str]:
    return {
        "kept": _("Organisation and departments"),
        "hanging": _("In the air"),
        Place.ORGANISATION: _("Organisation"),
        Place.DEPARTMENT: _("Departments"),
        Place.TEAM: _("Teams"),
        "ended": _("Ended"),
    }


def _of(nodes: list[Node], chosen: str) -> list[Node]:
    """The rows of one chip, the newest first."""
    if chosen == "ended":
        rows = [node for node in nodes if node.is_ended]
    else:
        rows = [node for node in nodes if not node.is_ended]
        if chosen == "hanging":
            rows = [node for node in rows if node.hangs or not node.is_connected]
        elif chosen == "kept":
            rows = [node for node in rows if node.place != Place.TEAM]
        else:
            rows = [node for node in rows if node.place == chosen]
    return sorted(rows, key=lambda node: -node.key)


def _address(place: str, department: str) -> str:
    return address_of([("place", place), ("department", department)])
