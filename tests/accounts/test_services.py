import datetime as dt

import pytest
from django.utils import timezone

from accounts import services
from accounts.devices import device_name
from accounts.models import User
from accounts.phones import spoken_phone
from common.errors import DomainError
from tests.accounts.door import OTHER_PHONE, PHONE

pytestmark = pytest.mark.django_db
YESTERDAY = dt.timedelta(days=1, minutes=1)


@pytest.mark.req("ACC-1")
@pytest.mark.parametrize(
    "text", ["8 (912) 345-67-89", "9123456789", "+79123456789", "89123456789", " +7 912-345‑67‑89 "]
)
def test_numbers_have_one_form(text):
    assert services.normalise_phone(text) == PHONE


@pytest.mark.parametrize("text", ["", "8", "телефон", "+7912345678901", "+7 912 345-67-89 доб. 12"])
def test_what_is_no_number_is_said_so(text):
    with pytest.raises(DomainError) as refused:
        services.normalise_phone(text)
    assert refused.value.code == "phone_invalid"
    assert refused.value.status == 400


def test_numbers_are_read_in_groups():
    assert spoken_phone(PHONE) == "+7 912 345-67-89"
    assert spoken_phone("кто-то") == "кто-то"


def test_the_same_number_is_the_same_user(user):
    assert services.ensure_user("8 912 345 67 89", "Другое имя") == user
    assert services.ensure_user(OTHER_PHONE) != user


@pytest.mark.req("ACC-1")
def test_numbers_never_confirmed_are_forgotten_after_a_day(user):
    confirmed, fresh, operator = (services.ensure_user(f"+7916000000{n}") for n in range(3))
    services.confirm_phone(confirmed)
    User.objects.filter(pk=operator.pk).update(is_staff=True)
    User.objects.exclude(pk=fresh.pk).update(date_joined=timezone.now() - YESTERDAY)
    assert services.remove_unconfirmed_users(timezone.now()) == 1
    assert set(User.objects.filter(phone__startswith="+791")) == {confirmed, fresh, operator}
    assert services.remove_unconfirmed_users(timezone.now()) == 0


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            "Chrome на Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari на iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/128 YaBrowser/24.1 Mobile Safari/537.36", "Яндекс Браузер на Android"),
        ("curl/8.0", "Неизвестное устройство"),
    ],
)
def test_devices_have_names(agent, name):
    assert device_name(agent) == name
