"""Settings of the REST API and of its description; nothing here depends on the environment."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiKeyAuthentication",
        "common.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "common.openapi.Schema",
    "DEFAULT_PAGINATION_CLASS": "common.api.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "common.api.exception_handler",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "School platform API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # JSON Schema as it is: answers can be checked against it with any validator.
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1/(?:o/\{slug\}/)?",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "Role": "orgs.models.Role",
        "RoleByLink": "invitations.api.serializers.ROLES_BY_LINK",
        "RoleByCode": "invitations.api.serializers.ROLES_BY_CODE",
        "InvitationState": "invitations.models.State",
        "HandoverState": "orgs.api.administration_shapes.HANDOVER_STATES",
        "ChatTemplate": "chats.models.Template",
        "ChatWriters": "chats.models.Writers",
        "ChatNotify": "chats.models.Notify",
        "MessageKind": "chats.models.Kind",
        "ReportReason": "chats.models.Reason",
        "ReportDecision": "chats.models.Decision",
        "ReportState": "chats.api.inputs.REPORT_STATES",
        "MuteHours": "chats.api.inputs.HOURS",
        "FileKind": "files.models.FileKind",
        "Audience": "orgs.models.Audience",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "common.openapi.document_errors",
    ],
}
