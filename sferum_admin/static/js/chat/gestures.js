// How a message's menu is asked for: a right click, the menu key, Enter on the message, a long press of a finger.
const LONG = 450;
const SLIP = 10;

// The click that follows the lifted finger must press nothing; the next tap must.
const swallowClick = () => {
  const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
  document.addEventListener("click", swallow, { capture: true });
  const forget = () => setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 60);
  document.addEventListener("pointerup", forget, { once: true, capture: true });
  document.addEventListener("pointercancel", forget, { once: true, capture: true });
};

// asked(article, { x, y }): open the menu of this message there
export const watchGestures = (list, asked) => {
  const articleOf = (event) => (event.target instanceof Element ? event.target.closest("article[data-id]") : null);
  const isOwnBusiness = (event) => event.target.closest("a, input, video, audio, textarea");
  let press = null;

  const stop = () => {
    clearTimeout(press?.timer);
    press = null;
  };

  list.addEventListener("contextmenu", (event) => {
    const article = articleOf(event);
    if (!article) return;
    // The browser's own menu: for what is selected, for links and pictures; and the finger has ours already.
    if (event.pointerType === "touch") {
      event.preventDefault();
      return;
    }
    const byKey = event.pointerType === "" || event.clientX === 0;
    if (!byKey && (isOwnBusiness(event) || String(getSelection()))) return;
    event.preventDefault();
    const box = article.getBoundingClientRect();
    asked(article, byKey ? { x: box.left + 48, y: box.top + 24 } : { x: event.clientX, y: event.clientY });
  });

  list.addEventListener("keydown", (event) => {
    const article = articleOf(event);
    if (!article || event.target !== article || event.key !== "Enter") return;
    event.preventDefault();
    const box = article.getBoundingClientRect();
    asked(article, { x: box.left + 48, y: box.top + 24 });
  });

  list.addEventListener("pointerdown", (event) => {
    stop();
    const article = event.pointerType === "touch" ? articleOf(event) : null;
    if (!article || isOwnBusiness(event)) return;
    press = {
      x: event.clientX,
      y: event.clientY,
      timer: setTimeout(() => {
        press = null;
        navigator.vibrate?.(10);
        swallowClick();
        setTimeout(() => asked(article, { x: event.clientX, y: event.clientY }), 0);
      }, LONG),
    };
  });
  list.addEventListener("pointermove", (event) => {
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > SLIP) stop();
  });
  ["pointerup", "pointercancel", "scroll"].forEach((name) => list.addEventListener(name, stop, { passive: true }));
};
