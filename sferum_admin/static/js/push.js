// Notifications of this browser: switched on and off on /account/notifications/, and on again after a new sign-in.
(() => {
  const DEVICES = "/api/v1/me/devices/";
  const script = document.currentScript;
  // Who is signed in, and whether this sign-in has a device already.
  const user = script.dataset.pushUser;
  const isKnown = "pushKnown" in script.dataset;

  // --- Who switched them on here: somebody else on the same computer has not -----------------------------------------
  const owner = {
    is: () => {
      try {
        return localStorage.getItem("push-user") === user;
      } catch {
        return false; // storage is forbidden: asked anew after each sign-in
      }
    },
    set: (value) => {
      try {
        if (value) localStorage.setItem("push-user", value);
        else localStorage.removeItem("push-user");
      } catch {
        // Nothing to remember with.
      }
    },
  };

  // --- What the browser can ------------------------------------------------------------------------------------------
  const isAble = () => window.isSecureContext && "serviceWorker" in navigator && "PushManager" in window
    && "Notification" in window;
  // An iPhone or iPad shows notifications of installed sites only; `standalone` is a word of theirs.
  const needsInstalling = () => /iPhone|iPad|iPod/.test(navigator.userAgent) || navigator.standalone === false;
  const current = async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    return registration ? registration.pushManager.getSubscription() : null;
  };

  // The platform's own sentence for people.
  class Refusal extends Error {}

  // --- Switching on --------------------------------------------------------------------------------------------------
  const subscribe = async (key) => {
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: key };
    try {
      return await registration.pushManager.subscribe(options);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      // Subscribed with an earlier key of the site: that one is of no use any more.
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      return registration.pushManager.subscribe(options);
    }
  };
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = async (subscription) => {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    const answer = await fetch(DEVICES, { method: "POST", headers, body: JSON.stringify(subscription) });
    if (!answer.ok) throw new Refusal((await answer.json()).message);
  };
  const resume = async () => {
    if (isKnown || !owner.is() || !isAble() || Notification.permission !== "granted") return false;
    const answer = await fetch(`${DEVICES}push-key/`);
    const key = answer.ok ? (await answer.json()).public_key : "";
    if (!key) return false;
    await send(await subscribe(key));
    return true;
  };

  // --- The page ------------------------------------------------------------------------------------------------------
  const show = (panel, state, reason = "") => {
    panel.querySelectorAll("[data-push-state]").forEach((part) => {
      part.hidden = !part.dataset.pushState.split(" ").includes(state);
    });
    panel.querySelectorAll("[data-push-reason]").forEach((part) => { part.textContent = reason; });
  };
  const stateOf = async (panel) => {
    if (!isAble()) return needsInstalling() ? "install" : "unsupported";
    if (Notification.permission === "denied") return "denied";
    const subscription = Notification.permission === "granted" && "registered" in panel.dataset ? await current() : null;
    if (!subscription) return "off";
    send(subscription).catch(() => {}); // its keys may have changed since
    return "on";
  };
  const switchOn = async (panel) => {
    show(panel, "busy");
    try {
      // First of all: Safari asks only as the immediate answer to a touch.
      const permission = await Notification.requestPermission();
      if (permission !== "granted") {
        show(panel, permission === "denied" ? "denied" : "off");
        return;
      }
      await send(await subscribe(panel.dataset.key));
      owner.set(user);
      location.reload();
    } catch (error) {
      // What the browser says of itself is English and technical.
      show(panel, "failed", error instanceof Refusal ? error.message : "");
    }
  };
  const start = async () => {
    const panel = document.querySelector("[data-push]");
    const resumed = await resume().catch(() => false);
    if (!panel) return;
    if (resumed) location.reload();
    else show(panel, await stateOf(panel).catch(() => "unsupported"));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-push-on]");
    if (button) switchOn(button.closest("[data-push]"));
  });
  // The server forgets the device in any case; the browser should, too.
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-push-off]") || !isAble()) return;
    event.preventDefault();
    owner.set(null);
    await current().then((subscription) => subscription?.unsubscribe()).catch(() => {});
    event.target.submit();
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
