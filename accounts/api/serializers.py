"""Shapes of the account's API."""

from typing import Any

from allauth.usersessions.models import UserSession
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.devices import device_name
from accounts.models import ApiKey, Digest, PushDevice, User
from outbox.push import MAX_ENDPOINT, Subscription


class MeSerializer(serializers.ModelSerializer[User]):
    phone = serializers.CharField(read_only=True, allow_null=True, help_text="Null for a pupil without a phone.")
    parent_email = serializers.CharField(
        read_only=True, help_text="Where the codes of a pupil without a phone go; empty for everybody else."
    )
    email = serializers.CharField(read_only=True, help_text="Empty when there is none.")
    is_confirmed = serializers.BooleanField(read_only=True, help_text="A code sent to the phone was typed back.")
    signed_in_by = serializers.SerializerMethodField()
    api_key = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "phone", "parent_email", "display_name", "email", "is_confirmed", "digest", "date_joined"]
        fields += ["signed_in_by", "api_key"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=["session", "key"]))
    def get_signed_in_by(self, user: User) -> str:
        return "key" if isinstance(self.context["request"].auth, ApiKey) else "session"

    @extend_schema_field(serializers.CharField(allow_null=True, help_text="The prefix of the key in use."))
    def get_api_key(self, user: User) -> str | None:
        key = self.context["request"].auth
        return key.prefix if isinstance(key, ApiKey) else None


class MySettingsSerializer(serializers.Serializer[User]):
    digest = serializers.ChoiceField(
        choices=Digest.choices, help_text="A letter about what was missed.", required=False
    )
    display_name = serializers.CharField(max_length=200, allow_blank=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError({"digest": ["Nothing to change."]})
        return attrs


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    name = serializers.CharField(max_length=100)

    class Meta:
        model = ApiKey
        fields = ["id", "name", "prefix", "read_only", "created_at", "expires_at", "last_used_at"]
        read_only_fields = ["id", "prefix", "created_at", "last_used_at"]


class NewKeySerializer(KeySerializer):
    key = serializers.SerializerMethodField(help_text="The whole key: shown now and never again.")

    class Meta(KeySerializer.Meta):
        fields = [*KeySerializer.Meta.fields, "key"]

    @extend_schema_field(serializers.CharField())
    def get_key(self, key: ApiKey) -> str:
        return str(self.context["raw"])


class SessionSerializer(serializers.ModelSerializer[UserSession]):
    device = serializers.SerializerMethodField()
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = UserSession
        fields = ["id", "device", "ip", "created_at", "last_seen_at", "is_current"]
        read_only_fields = fields

    def get_device(self, session: UserSession) -> str:
        return device_name(session.user_agent)

    def get_is_current(self, session: UserSession) -> bool:
        request: Any = self.context["request"]
        return session.session_key == request.session.session_key


class SubscriptionKeysSerializer(serializers.Serializer[Subscription]):
    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)


class SubscriptionSerializer(serializers.Serializer[Subscription]):
    """What `PushSubscription.toJSON()` gives in the browser."""

    endpoint = serializers.CharField(max_length=MAX_ENDPOINT)
    keys = SubscriptionKeysSerializer()


class DeviceSerializer(serializers.ModelSerializer[PushDevice]):
    name = serializers.CharField(source="__str__", read_only=True)
    is_current = serializers.SerializerMethodField()
    failed_at = serializers.DateTimeField(read_only=True, allow_null=True, help_text="Since when nothing gets through.")

    class Meta:
        model = PushDevice
        fields = ["id", "name", "created_at", "last_used_at", "failed_at", "is_current"]
        read_only_fields = fields

    def get_is_current(self, device: PushDevice) -> bool:
        request: Any = self.context["request"]
        return device.session_key == request.session.session_key


class PushKeySerializer(serializers.Serializer[Any]):
    public_key = serializers.CharField(help_text="`applicationServerKey`; empty when pushes are not offered.")
    csrf_token = serializers.CharField(help_text="For a service worker, which has no page to read it from.")
