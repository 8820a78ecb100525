// While the page of a broadcast is open, the server is told now and then, so that the head knows for how long people
// watched (CHAN-5). Markup: templates/events/watch.html.
(() => {
  const place = document.querySelector("[data-watching]");
  if (!place) return;
  const words = place.querySelector("[data-words]");
  const token = () => /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1]
    ?? JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  // Beats later than this are not heard by the server anyway.
  const every = Number(place.dataset.seconds) * 1000;
  let timer = null;
  let last = 0;

  // What has not changed is not said again to who listens.
  const say = (text) => { if (words.textContent !== text) words.textContent = text; };
  const stop = () => { clearInterval(timer); timer = null; };

  const tell = async () => {
    last = Date.now();
    try {
      const headers = { "X-CSRFToken": token(), "Accept-Language": document.documentElement.lang };
      const answer = await fetch(place.dataset.watching, { method: "POST", headers, credentials: "same-origin", keepalive: true });
      if (answer.ok) say(place.dataset.noted);
      else if (answer.status === 409) { stop(); say(place.dataset.over); }
      else if (answer.status === 401 || answer.status === 403 || answer.status === 404) { stop(); location.reload(); }
      else say(place.dataset.away);
    } catch {
      say(place.dataset.away);
    }
  };

  timer = setInterval(tell, every);
  tell();
  // The last minute counts too; a page that comes back speaks at once.
  document.addEventListener("visibilitychange", () => {
    if (timer !== null && Date.now() - last > 5000) tell();
  });
  window.addEventListener("pagehide", () => { if (timer !== null) tell(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
