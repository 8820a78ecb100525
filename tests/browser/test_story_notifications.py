"""Story: notifications are switched on, seen, and end with the sign-in.

A headless browser reaches no push service, so the subscription is made up; all else is real: the permission, the
service worker, the page, the outbox.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Worker, expect

from tests.outbox.push_service import Browser

PAGE = "/account/notifications/"
SWITCH_ON = "Включить уведомления на этом устройстве"
# The browser's side of a push service; a subscription outlives the page, as a real one does.
SUBSCRIBES = """((made) => {
  const kept = () => JSON.parse(localStorage.getItem("made-up") || "null");
  const alive = (data) => data && {
    toJSON: () => data,
    unsubscribe: async () => { localStorage.removeItem("made-up"); return true; },
  };
  PushManager.prototype.getSubscription = async () => alive(kept());
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 87) throw new TypeError("options");
    if (!kept()) localStorage.setItem("made-up", JSON.stringify(made));
    return alive(kept());
  };
})(%s);"""
FAILS = "PushManager.prototype.subscribe = async () => { throw new DOMException('push service error', 'AbortError'); };"
ASKS = """((answer) => {
  let state = "default";
  Object.defineProperty(Notification, "permission", { get: () => state });
  Notification.requestPermission = async () => { state = answer; return answer; };
})(%s);"""
UNABLE = "delete window.PushManager;"
IPHONE = "delete window.PushManager; Object.defineProperty(navigator, 'standalone', { value: false });"


def able(page: Page, endpoint: str = "https://fcm.googleapis.com/fcm/send/story") -> None:
    """Let the browser of `page` subscribe."""
    made = Browser().subscribe(f"{endpoint}-{id(page)}")
    data = {"endpoint": made.endpoint, "expirationTime": None, "keys": {"p256dh": made.p256dh, "auth": made.auth}}
    page.context.grant_permissions(["notifications"])
    page.add_init_script(SUBSCRIBES % json.dumps(data))


def state(page: Page) -> Any:
    return page.locator("[data-push-state]:visible h2")


@pytest.mark.req("ACC-6")
def test_a_parent_switches_notifications_on_tries_them_and_switches_them_off(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any], axe: Callable, shoot: Callable
) -> None:
    page = new_page(390)
    able(page)
    sign_in(page, data("organization")["administrator"])
    page.goto("/account/")
    page.get_by_role("link", name="Уведомления").click()
    expect(state(page)).to_have_text("На этом устройстве уведомления выключены")
    axe(page)
    page.get_by_role("button", name=SWITCH_ON).click()
    expect(state(page)).to_have_text("На этом устройстве уведомления включены")
    row = page.get_by_role("listitem").filter(has_text="это устройство")
    expect(row).to_contain_text("Chrome")
    axe(page)
    shoot(page, "notifications-on")
    row.get_by_role("button", name="Проверить").click()
    expect(page.get_by_text("Пробное уведомление отправлено")).to_be_visible()
    outbox = new_page()
    outbox.goto("/dev/outbox/")
    letter = outbox.locator("main article").filter(has_text="Уведомления работают").first
    expect(letter.get_by_role("link", name=PAGE)).to_be_visible()
    page.get_by_role("button", name="Отключить").click()
    expect(state(page)).to_have_text("На этом устройстве уведомления выключены")
    expect(row).to_have_count(0)
    assert page.evaluate("localStorage.getItem('made-up')") is None, "the browser has forgotten it, too"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (ASKS % '"denied"', "Браузер не разрешает этому сайту присылать уведомления"),
        (ASKS % '"default"', "На этом устройстве уведомления выключены"),
        (ASKS % '"granted"' + FAILS, "Не получилось"),
        (UNABLE, "Этот браузер не умеет показывать уведомления"),
        (IPHONE, "Сначала добавьте платформу на экран «Домой»"),
    ],
)
@pytest.mark.parametrize("look", [(390, True), (1280, False)])
def test_each_state_of_a_browser_has_its_words(
    new_page: Callable[..., Page],
    sign_in: Callable,
    data: Callable[..., Any],
    axe: Callable,
    script: str,
    words: str,
    look: tuple[int, bool],
) -> None:
    page = new_page(look[0], dark=look[1])
    page.add_init_script(script)
    sign_in(page, data("organization")["administrator"])
    page.goto(PAGE)
    expect(page.get_by_text("Секунду…")).to_be_hidden()
    button = page.get_by_role("button", name=SWITCH_ON)
    if button.is_visible():
        button.click()
    expect(state(page)).to_have_text(words)
    axe(page)


@pytest.mark.req("ACC-1")
def test_after_the_next_sign_in_they_are_on_again_for_the_same_person_only(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    mother, son = data("organization")["administrator"], data("organization")["administrator"]
    page = new_page()
    able(page)
    sign_in(page, mother)
    page.goto(PAGE)
    page.get_by_role("button", name=SWITCH_ON).click()
    expect(state(page)).to_have_text("На этом устройстве уведомления включены")

    def leave() -> None:
        page.goto("/account/")
        page.locator("main").get_by_role("button", name="Выйти").click()
        page.wait_for_url("**/signin/")

    leave()
    sign_in(page, son)
    page.goto(PAGE)
    expect(state(page)).to_have_text("На этом устройстве уведомления выключены")
    leave()
    with page.expect_response(lambda answer: answer.url.endswith("/me/devices/") and answer.status == 201):
        sign_in(page, mother)
    page.goto(PAGE)
    expect(state(page)).to_have_text("На этом устройстве уведомления включены")


# --- The service worker -----------------------------------------------------------------------------------------------
def worker_of(page: Page) -> Worker:
    """Return the service worker, running; a page of whoever is signed in may have registered it already."""
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => 1)")
    running = page.context.service_workers
    return running[0] if running else page.context.wait_for_event("serviceworker")


def push_to(page: Page, cdp: CDPSession, registration: str, text: str) -> None:
    origin = page.evaluate("location.origin")
    cdp.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": text})


SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map((note) => (
    { title: note.title, body: note.body, tag: note.tag, url: note.data.url, silent: note.silent, icon: note.icon }));
}"""


def shown_on(page: Page, body: str) -> list[dict[str, Any]]:
    """The notifications on the screen, once one of them says `body`."""
    for _try in range(100):
        shown = page.evaluate(SHOWN)
        if any(note["body"] == body for note in shown):
            return shown
        page.wait_for_timeout(50)
    raise AssertionError(f"{body!r} is not shown: {page.evaluate(SHOWN)}")


@pytest.mark.req("ACC-6")
def test_what_is_pushed_is_shown_and_opens_its_page(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    page = new_page()
    page.context.grant_permissions(["notifications"])
    sign_in(page, data("organization")["administrator"])
    page.goto("/account/")
    cdp = page.context.new_cdp_session(page)
    registrations: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(row["registrationId"] for row in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    worker = worker_of(page)
    page.reload()  # from here on the page is the worker's, whenever it began
    note = {"title": "5А", "body": "Завтра экскурсия", "url": f"{PAGE}?a=1", "tag": "chat-3"}
    push_to(page, cdp, registrations[-1], json.dumps(note))
    [shown] = shown_on(page, "Завтра экскурсия")
    address = page.evaluate("location.origin") + PAGE
    assert (shown["title"], shown["body"], shown["tag"]) == ("5А", "Завтра экскурсия", "chat-3")
    assert (shown["url"], shown["silent"]) == (f"{address}?a=1", False)
    assert page.request.get(shown["icon"]).headers["content-type"] == "image/png"

    # The newer one under the same tag replaces it; a foreign address leads home; rubbish is shown as such.
    push_to(page, cdp, registrations[-1], json.dumps(note | {"body": "Автобус в 9:00", "url": "https://evil.example/"}))
    [shown] = shown_on(page, "Автобус в 9:00")
    assert shown["url"] == page.evaluate("location.origin") + "/"
    push_to(page, cdp, registrations[-1], "not json")
    assert len(shown_on(page, "")) == 2

    assert clicked(worker, f"{PAGE}?a=1") == ["opened", f"{address}?a=1"]
    assert clicked(worker, "/account/") == ["focused", page.url]
    assert clicked(worker, "/account/?b=2") == ["led to", f"{page.url}?b=2"]


def clicked(worker: Worker, url: str) -> list[str]:
    """What the worker does when a notification about `url` is clicked. Only a person's click may open windows."""
    return worker.evaluate(
        """async (url) => {
          let done = [];
          self.clients.openWindow = async (address) => { done = ["opened", address]; };
          WindowClient.prototype.focus = async function () { done = ["focused", this.url]; };
          WindowClient.prototype.navigate = async function (address) { done = ["led to", address]; };
          const data = { url: new URL(url, self.location.origin).href };
          await self.registration.showNotification("click", { tag: "click", data });
          const [notification] = await self.registration.getNotifications({ tag: "click" });
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
          for (let tries = 0; tries < 100 && !done.length; tries += 1) await new Promise((go) => setTimeout(go, 20));
          return done;
        }""",
        url,
    )


@pytest.mark.req("ACC-6")
def test_a_subscription_that_the_browser_changes_is_told_to_the_platform(
    new_page: Callable[..., Page], sign_in: Callable, data: Callable[..., Any]
) -> None:
    page = new_page()
    able(page)
    sign_in(page, data("organization")["administrator"])
    page.goto(PAGE)
    worker = worker_of(page)
    made = Browser().subscribe(f"https://updates.push.services.mozilla.com/wpush/v2/{id(page)}")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/me/devices/")) as told:
        worker.evaluate(
            """(made) => {
              const event = new ExtendableEvent("pushsubscriptionchange");
              event.newSubscription = made;
              self.dispatchEvent(event);
            }""",
            {"endpoint": made.endpoint, "keys": {"p256dh": made.p256dh, "auth": made.auth}},
        )
    assert told.value.status == 201
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="это устройство")).to_be_visible()
