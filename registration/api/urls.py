"""The addresses of registration below /api/v1/."""

from django.urls import URLPattern, path

from registration.api.views import ApplicationViewSet, DeletionViewSet, StatusView

_STEPS = {"review": "review", "approve": "approve", "return": "return_with_remarks", "reject": "reject"}
_ONE = "registration/applications/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(
        "registration/applications/",
        ApplicationViewSet.as_view({"get": "list"}),
        name="api_registration_applications",
    ),
    path(_ONE, ApplicationViewSet.as_view({"get": "retrieve"}), name="api_registration_application"),
    path(f"{_ONE}order/", ApplicationViewSet.as_view({"get": "order"}), name="api_registration_application_order"),
    *(
        path(
            f"{_ONE}{name}/",
            ApplicationViewSet.as_view({"post": method}),
            name=f"api_registration_application_{name}",
        )
        for name, method in _STEPS.items()
    ),
    path("registration/status/<slug:token>/", StatusView.as_view(), name="api_registration_status"),
    path(
        "o/<slug:slug>/deletion/",
        DeletionViewSet.as_view({"get": "retrieve", "post": "create", "delete": "destroy"}),
        name="api_deletion",
    ),
]
