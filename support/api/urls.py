"""The addresses of help below /api/v1/."""

from django.urls import URLPattern, path

from support.api.views import HelpRequestViewSet, HelpRulesViewSet, OperatorRequestViewSet

_ONE = "o/<slug:slug>/help-requests/<int:pk>/"
_OPERATORS = "support/requests/"
_STEPS = {"messages": "reply", "answer": "respond", "take": "take", "pass-on": "pass_on", "close": "close"}
_OPERATORS_STEPS = {"answer": "respond", "give-back": "give_back", "close": "close"}


def _name(name: str) -> str:
    return name.replace("-", "_")


urlpatterns: list[URLPattern] = [
    path(
        "o/<slug:slug>/help-requests/",
        HelpRequestViewSet.as_view({"get": "list", "post": "create"}),
        name="api_help_requests",
    ),
    path(_ONE, HelpRequestViewSet.as_view({"get": "retrieve"}), name="api_help_request"),
    path(f"{_ONE}files/<int:file_id>/", HelpRequestViewSet.as_view({"get": "file"}), name="api_help_request_file"),
    *(
        path(f"{_ONE}{name}/", HelpRequestViewSet.as_view({"post": method}), name=f"api_help_request_{_name(name)}")
        for name, method in _STEPS.items()
    ),
    path(
        "o/<slug:slug>/help-rules/",
        HelpRulesViewSet.as_view({"get": "retrieve", "put": "update"}),
        name="api_help_rules",
    ),
    path(_OPERATORS, OperatorRequestViewSet.as_view({"get": "list"}), name="api_support_requests"),
    path(f"{_OPERATORS}<int:pk>/", OperatorRequestViewSet.as_view({"get": "retrieve"}), name="api_support_request"),
    path(
        f"{_OPERATORS}<int:pk>/files/<int:file_id>/",
        OperatorRequestViewSet.as_view({"get": "file"}),
        name="api_support_request_file",
    ),
    *(
        path(
            f"{_OPERATORS}<int:pk>/{name}/",
            OperatorRequestViewSet.as_view({"post": method}),
            name=f"api_support_request_{_name(name)}",
        )
        for name, method in _OPERATORS_STEPS.items()
    ),
]
