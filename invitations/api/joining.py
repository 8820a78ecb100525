"""The guest's side: what a link opens, and joining by it (INV-1, INV-11)."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from common.errors import DomainError
from common.network import client_address
from invitations import tokens
from invitations.api.request_shapes import OwnRequest
from invitations.api.serializers import JoinedSerializer, JoinRequestFields, Presented, Preview
from invitations.limits import failed_tokens, look_at
from invitations.models import Invitation, JoinRequest
from invitations.selectors import Answer
from invitations.selectors import Presented as Found
from invitations.services import JoinAnswers, come_in
from orgs.models import Role


def look_up(request: Request, token: str) -> Found:
    """Return what `token` stands for; what nobody was given counts against the address, as on the pages (INV-11)."""
    found = look_at(token, client_address(request._request))
    if found is None:
        raise Throttled(wait=failed_tokens().seconds)
    return found


class PreviewView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="join_preview", tags=["join"], request=Presented, responses=Preview, auth=[])
    def post(self, request: Request) -> Response:
        """Where the holder of a token or a code would join, and as whom; a forged or mistyped one is `unknown`."""
        shape = Presented(data=request.data)
        shape.is_valid(raise_exception=True)
        found = look_up(request, shape.validated_data["token"])
        return Response(Preview(preview_of(found)).data)


def preview_of(found: Found) -> dict[str, object]:
    """Return what a guest may know of a link: the place and the role, no names of people."""
    link = found.invitation
    is_open = found.answer is Answer.OPEN and link is not None
    return {
        "answer": found.answer.value,
        "organization": link.organization.short_name if link else None,
        "unit": link.unit.name if link else None,
        "role": link.role if link else None,
        "needs_name": is_open and link is not None and link.person is None,
        "needs_child": is_open and link is not None and link.role == Role.PARENT and link.student is None,
    }


class JoinView(APIView):
    @extend_schema(
        operation_id="join",
        tags=["join"],
        request=JoinRequestFields,
        responses={201: JoinedSerializer, 202: OwnRequest},
    )
    def post(self, request: Request) -> Response:
        """Join by a token or a code as the signed-in user; joining twice by the same link uses nothing up.

        202: staff whom nobody has confirmed do not join yet; the request waits for the administrator's answer.
        Refusals (409): `link_expired`, `link_used_up`, `link_revoked`, `link_renewed`, `already_claimed`.
        """
        shape = JoinRequestFields(data=request.data)
        shape.is_valid(raise_exception=True)
        answers = dict(shape.validated_data)
        token = answers.pop("token")
        link = look_up(request, token).invitation
        claim = tokens.read(token)
        if link is None or claim is None:
            raise DomainError("link_unknown", _("We do not know this link or code. Please check it."), status=404)
        joined = come_in(
            user=_user(request), invitation=link, generation=_generation(claim, link), answers=JoinAnswers(**answers)
        )
        if isinstance(joined, JoinRequest):
            return Response(OwnRequest(joined).data, status=202)
        data = JoinedSerializer({**vars(joined), "organization": link.organization.slug}).data
        return Response(data, status=201)


def _user(request: Request) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - joining needs a sign-in
    return request.user


def _generation(claim: tokens.Claim, link: Invitation) -> int:
    # 0 for a copy from before a renewal: no link has that generation, so it is refused as replaced.
    return claim.generation([link.generation]) or 0
