"""Members of the organisation, for programs; and who a personal token acts for."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Invitation, Membership, Role
from cohorts.people.actions.invitations import resend_invitation
from cohorts.people.actions.members import add_member
from cohorts.people.member_filters import SHOWN, MemberFilters
from cohorts.people.rules import GIVEN_BY_HAND
from cohorts.schedule.zone_serializer import Zone
from cohorts.web.api.changes import columns_since, part_since
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import Rows, Search, StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"name": "name", "id": "pk"}


class ManagerShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MemberShape(serializers.Serializer):
    """Somebody in the organisation, as the list of people shows them."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(source="person.email")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.values))
    manager = ManagerShape(allow_null=True, help_text="Who they report to.")
    zone = Zone()
    has_signed_in = serializers.BooleanField(source="is_signed_in")
    suspended_at = serializers.DateTimeField(allow_null=True)
    left_at = serializers.DateTimeField(allow_null=True)


class MemberQuery(ListQuery):
    q = Search(required=False, help_text="In the name or the e-mail.")
    show = serializers.ChoiceField(choices=[key for key in SHOWN if key], required=False)


class MemberBody(StrictSerializer):
    """Somebody to be invited. Leaders come in through a cohort."""

    name = Text(max_length=160)
    email = Text(max_length=254)
    language = serializers.CharField(required=False, max_length=5, help_text="Left out: the organisation's first.")
    roles = Rows(
        child=serializers.ChoiceField(choices=[role.value for role in GIVEN_BY_HAND]), max_length=len(GIVEN_BY_HAND)
    )


class MeShape(serializers.Serializer):
    """The member a personal token acts for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(source="person.email")
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.values))
    zone = Zone()


class Members(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "members"

    @extend_schema(operation_id="listMembers", parameters=[MemberQuery], responses=page_shape(MemberShape))
    def get(self, request: ApiRequest) -> Response:
        """Members, with the filters of *People*; former ones with `show=former`."""
        said = asked(request, MemberQuery, MemberShape, orders=ORDERS)
        found = MemberFilters(**said.filters).members()
        return page_of_query(request, found, said, MemberShape, orders=ORDERS, changed=_changed)

    @extend_schema(operation_id="inviteMember", request=MemberBody, responses={201: MemberShape})
    def post(self, request: ApiRequest) -> Response:
        """Invite somebody, or give a member more roles. Owners and admins are made on the pages alone."""
        said = valid(MemberBody, request.data)
        member = add_member(
            organisation=request.organisation,
            by=request.membership,
            now=request.now,
            **{"language": request.organisation.language, **said},
        )
        return Response(shown(member.pk), status=201)


class MemberInvitation(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "members"
    takes_body = False

    @extend_schema(operation_id="inviteAgain", request=None, responses={204: None})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Send the invitation again, with a new link; the old one stops working."""
        member = get_object_or_404(Membership.objects.here(), pk=pk)
        resend_invitation(member=member, by=request.membership, now=request.now)
        return Response(status=204)


class Me(ApiView):
    permission = Permission.READ_PROGRAMME
    noun = "me"

    @extend_schema(operation_id="readMe", responses=MeShape)
    def get(self, request: ApiRequest) -> Response:
        """Who this token acts for."""
        return Response(MeShape(request.membership).data)


def _changed(since: datetime) -> Q:
    own = columns_since(since, "updated_at", "person__updated_at", "manager__updated_at")
    return own | part_since(since, Invitation.objects.all(), membership="pk")


def everybody() -> Any:
    """Members and former members, with what a shape needs of them."""
    return MemberFilters().found().select_related("person", "manager")


def shown(pk: int) -> dict[str, Any]:
    return dict(MemberShape(get_object_or_404(everybody(), pk=pk)).data)


urlpatterns = [
    path("me/", Me.as_view(), name="api_me"),
    path("members/", Members.as_view(), name="api_members"),
    path("members/<int:pk>/invitation/", MemberInvitation.as_view(), name="api_invitation"),
]
