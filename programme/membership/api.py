"""One member, for programs: what each app holds of them ends with a removal, as on the page."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Membership, Role
from cohorts.people.actions.access import let_back_in, suspend
from cohorts.people.actions.members import change_manager, change_roles, invite_back
from cohorts.people.api import MemberShape, everybody, shown
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS
from cohorts.people.ownership import lock_organisation
from cohorts.web.api.etags import ensure_as_read, tagged
from cohorts.web.api.schema import IF_MATCH
from cohorts.web.api.serializers import Rows, StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid
from programme.membership.actions import end_everything
from programme.membership.correction import Stays, ask_merge, correct, preview_merge
from programme.membership.merge_words import moved_words


class CorrectionBody(StrictSerializer):
    """What of a member changes; what is left out stays."""

    name = Text(max_length=MAX_NAME_CHARACTERS, required=False)
    email = Text(
        max_length=MAX_EMAIL_CHARACTERS,
        required=False,
        help_text="Takes effect at once if they have not signed in, else after 24 hours in which it can be stopped.",
    )
    manager = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Id of a member with the role sponsor; null: nobody."
    )
    roles = Rows(
        child=serializers.ChoiceField(choices=Role.values),
        max_length=len(Role),
        required=False,
        help_text="All they shall have. Leader comes and goes with a cohort; owner and admin on the pages alone.",
    )
    is_suspended = serializers.BooleanField(required=False)


class MergeBody(StrictSerializer):
    """The other membership of the same person, and which of the two addresses stays."""

    email = Text(max_length=MAX_EMAIL_CHARACTERS, help_text="Of their other membership.")
    stays = serializers.ChoiceField(
        choices=[each.value for each in Stays],
        help_text="`this`: the address of the member in the path; `other`: `email`.",
    )
    dry_run = serializers.BooleanField(default=False, help_text="Say what would happen, and change nothing.")


class MergingShape(serializers.Serializer):
    """What becomes of two members who are one person. There is no undo once it happened."""

    dry_run = serializers.BooleanField()
    stays = serializers.IntegerField(source="kept.pk", help_text="Id of the member that takes over what both have.")
    ends = serializers.IntegerField(source="gone.pk", help_text="Id of the member that ends.")
    waits_until = serializers.DateTimeField(
        allow_null=True,
        help_text="Until then it can be stopped, from a mail or by an owner or admin; null: it happens at once.",
    )
    moved = serializers.ListField(child=serializers.CharField(), help_text="In the language asked for, as on the page.")
    decided = serializers.ListField(
        child=serializers.CharField(), help_text="What was decided where both have the like of it, as on the page."
    )


class MemberDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "members"
    has_revision = True

    @extend_schema(operation_id="readMember", responses=MemberShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One member, also a former one."""
        return _answer(request, pk)

    @extend_schema(operation_id="correctMember", parameters=[IF_MATCH], request=CorrectionBody, responses=MemberShape)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change name, address, who they report to, roles, or whether they may come in."""
        said = valid(CorrectionBody, request.data)
        member = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
        by: dict[str, Any] = {"member": member, "by": request.membership, "now": request.now}
        if "is_suspended" in said:
            lock_organisation()
        ensure_as_read(request, member, lambda: _guarded(shown(pk)))
        if "name" in said or "email" in said:
            correct(name=said.get("name", member.name), email=said.get("email", member.person.email), **by)
        if "manager" in said:
            change_manager(manager=_manager(said["manager"]), **by)
        if "roles" in said:
            wanted, held = set(said["roles"]), set(member.roles)
            change_roles(give=wanted - held, take=held - wanted, organisation=request.organisation, **by)
        if "is_suspended" in said:
            (suspend if said["is_suspended"] else let_back_in)(**by)
        return _answer(request, pk)

    @extend_schema(operation_id="removeMember", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """End the membership. What they wrote stays theirs; their leaders need another sponsor first."""
        member = get_object_or_404(Membership.objects.all(), pk=pk)
        if member.left_at is None:
            lock_organisation()
            ensure_as_read(request, member, lambda: _guarded(shown(pk)))
        end_everything(member=member, by=request.membership, organisation=request.organisation, now=request.now)
        return Response(status=204)


class MemberReturn(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "members"
    takes_body = False

    @extend_schema(operation_id="bringMemberBack", request=None, responses=MemberShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Invite a former member again: the same membership, with the roles it had, except owner and admin.

        What they wrote is theirs again. Ninety days that ended stay ended until they are brought back in their cohort.
        """
        member = get_object_or_404(Membership.objects.all(), pk=pk)
        invite_back(member=member, by=request.membership, organisation=request.organisation, now=request.now)
        return Response(shown(pk))


class MemberMerge(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "members"

    @extend_schema(operation_id="mergeMembers", request=MergeBody, responses=MergingShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Make one member out of two who are the same person, by the rules of *The same person twice*.

        It waits 24 hours if somebody came in with the address that ends, so ask with `dry_run` first.
        """
        said = valid(MergeBody, request.data)
        member = get_object_or_404(Membership.objects.here().select_related("person"), pk=pk)
        is_trial = said.pop("dry_run")
        act = preview_merge if is_trial else ask_merge
        merging = act(member=member, by=request.membership, now=request.now, **said)
        answer = {
            "dry_run": is_trial,
            "kept": merging.kept,
            "gone": merging.gone,
            "waits_until": merging.waits_until,
            "moved": moved_words(merging.done.had),
            "decided": merging.done.decided,
        }
        return Response(MergingShape(answer).data)


def _answer(request: ApiRequest, pk: int) -> Response:
    member = get_object_or_404(everybody(), pk=pk)
    data = dict(MemberShape(member).data)
    return tagged(request, member, data, guarded=_guarded(data))


def _guarded(data: dict[str, Any]) -> dict[str, Any]:
    """What a PATCH can change, as `If-Match` compares it: who somebody reports to, not what that person is called."""
    manager = data["manager"]
    return {
        **{name: data[name] for name in ("name", "email", "roles", "suspended_at")},
        "manager": manager and manager["id"],
    }


def _manager(key: int | None) -> Membership | None:
    if key is None:
        return None
    found: Membership | None = Membership.objects.active().filter(pk=key).first()
    if found is None:
        raise Invalid("manager", _("Only members with the role sponsor can be chosen."))
    return found


urlpatterns = [
    path("members/<int:pk>/", MemberDetail.as_view(), name="api_member"),
    path("members/<int:pk>/merge/", MemberMerge.as_view(), name="api_member_merge"),
    path("members/<int:pk>/return/", MemberReturn.as_view(), name="api_member_return"),
]
