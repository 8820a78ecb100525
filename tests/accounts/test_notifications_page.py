"""The page «Уведомления», and what browsers ask for at the root."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from accounts.models import PushDevice, User
from outbox.models import Message
from outbox.push import public_key
from tests.accounts.devices import add_device
from tests.accounts.door import sign_in
from tests.accounts.test_sessions import IPHONE

pytestmark = [pytest.mark.django_db]
PAGE = "/account/notifications/"


def text_of(client) -> str:
    return client.get(PAGE).content.decode()


def test_the_account_leads_to_the_page(client, user):
    sign_in(client)
    assert f'href="{PAGE}"' in client.get("/account/").content.decode()


def test_the_page_has_words_for_every_state_of_a_browser(client, user):
    sign_in(client)
    page = text_of(client)
    assert f'data-key="{public_key()}"' in page
    assert "data-registered" not in page
    for words in [
        "Включить уведомления на этом устройстве",
        "На этом устройстве уведомления включены",
        "Браузер не разрешает этому сайту присылать уведомления",
        "выберите «На экран Домой»",
        "Этот браузер не умеет показывать уведомления",
        "Не получилось",
    ]:
        assert words in page
    shown = re.findall(r'data-push-state="(\w+)"(?! hidden)', page)
    assert shown == ["busy"], "which of them is true, the browser finds out"


def test_devices_are_listed_and_switched_off(client, user):
    sign_in(client)
    device = add_device(user, user_agent=IPHONE)
    PushDevice.objects.update(failed_at=timezone.now())
    here = add_device(user)
    PushDevice.objects.filter(pk=here.pk).update(session_key=client.session.session_key)
    page = text_of(client)
    assert "Safari на iPhone" in page
    assert "не отвечает" in page
    assert "уведомлений ещё не было" in page
    assert "data-registered" in page
    assert page.index("Chrome на Windows") < page.index("Safari на iPhone"), "this device first"
    # Only this browser can also forget its subscription.
    assert page.count("data-push-off") == 1
    answer = client.post(f"{PAGE}{device.pk}/off/", follow=True).content.decode()
    assert "Уведомления там больше не появятся: Safari на iPhone" in answer
    assert list(PushDevice.objects.all()) == [here]


def test_a_trial_is_sent(client, user):
    sign_in(client)
    device = add_device(user)
    assert "Пробное уведомление отправлено" in client.post(f"{PAGE}{device.pk}/try/", follow=True).content.decode()
    assert Message.objects.get(channel="push").recipient == str(device.pk)


def test_the_letter_is_chosen(client, user):
    sign_in(client)
    assert re.search(r'value="daily"[^>]*checked', text_of(client))
    client.post(PAGE, {"digest": "none"})
    assert User.objects.get(pk=user.pk).digest == "none"
    assert re.search(r'value="none"[^>]*checked', text_of(client))
    answer = client.post(PAGE, {"digest": "hourly"})
    assert answer.status_code == 422
    assert User.objects.get(pk=user.pk).digest == "none"


def test_where_pushes_are_not_offered_the_page_says_so(client, user, settings):
    settings.VAPID_PRIVATE_KEY = ""
    sign_in(client)
    page = text_of(client)
    assert "пока не подключены" in page
    assert "data-push-on" not in page


def test_the_page_costs_the_same_for_many(client, user, django_assert_num_queries):
    sign_in(client)
    add_device(user)
    with django_assert_num_queries(3):
        client.get(PAGE)
    for _n in range(15):
        add_device(user)
    with django_assert_num_queries(3):
        client.get(PAGE)


def test_pages_tell_the_script_who_is_there(client, user):
    assert "js/push.js" not in client.get("/signin/").content.decode()
    sign_in(client)
    page = client.get("/account/").content.decode()
    assert f'data-push-user="{user.pk}"' in page
    assert "data-push-known" not in page
    session = client.session
    session["push_device"] = 1
    session.save()
    assert "data-push-known" in client.get("/account/").content.decode()


# --- At the root ------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-6")
def test_the_service_worker_is_served_for_the_whole_site(client):
    answer = client.get("/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    source = answer.content.decode()
    for name in ("icons/app-192.png", "icons/badge-96.png"):
        assert f"/static/{name}" in source
        assert finders.find(name)


@pytest.mark.req("ACC-6")
def test_the_platform_can_be_installed(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    data = json.loads(answer.content)
    assert data["name"] == "Школьная платформа"
    assert (data["start_url"], data["display"]) == ("/", "standalone")
    for icon in data["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {"any", "maskable"} == {icon["purpose"] for icon in data["icons"]}
    page = client.get("/signin/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert "apple-touch-icon" in page


def test_the_old_address_of_the_icon_answers(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    with Image.open(finders.find(answer["Location"].removeprefix("/static/"))) as picture:
        assert picture.format == "ICO"
