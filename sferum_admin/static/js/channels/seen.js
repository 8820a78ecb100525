// A post counts as seen when it was on the screen for a moment; told in batches, the last one when the page goes away.
import { headers } from "./net.js";

const MOMENT = 1000;
const PAUSE = 3000;
const MOST = 100;
const waiting = new Set();
const timers = new Map();
let address = "";
let later = null;

const send = () => {
  clearTimeout(later);
  later = null;
  if (!waiting.size || !address) return;
  const posts = [...waiting].slice(0, MOST);
  posts.forEach((id) => waiting.delete(id));
  // keepalive: the request outlives the page. A beacon could not carry the token.
  fetch(address, {
    method: "POST",
    keepalive: true,
    credentials: "same-origin",
    headers: { ...headers(), "Content-Type": "application/json" },
    body: JSON.stringify({ posts }),
  }).then((answer) => {
    if (answer.status >= 500) posts.forEach((id) => waiting.add(id));
  }, () => posts.forEach((id) => waiting.add(id)));
};

const note = (post) => {
  timers.delete(post);
  observer.unobserve(post);
  waiting.add(Number(post.dataset.post));
  later ??= setTimeout(send, PAUSE);
};

const observer = "IntersectionObserver" in window ? new IntersectionObserver((entries) => {
  entries.forEach(({ target, isIntersecting, intersectionRatio, intersectionRect, rootBounds }) => {
    // A post taller than the window is seen when it fills half of it.
    const fills = rootBounds ? intersectionRect.height > rootBounds.height / 2 : false;
    if (isIntersecting && (intersectionRatio >= 0.5 || fills)) {
      if (!timers.has(target)) timers.set(target, setTimeout(() => note(target), MOMENT));
    } else {
      clearTimeout(timers.get(target));
      timers.delete(target);
    }
  });
}, { threshold: [0, 0.25, 0.5] }) : null;

export const watchPosts = (root) => {
  const feed = document.querySelector("[data-feed]");
  if (!feed || !observer) return;
  address = feed.dataset.seenUrl ?? "";
  const posts = [...root.querySelectorAll("[data-post]")];
  if (root instanceof Element && root.matches("[data-post]")) posts.push(root);
  posts.forEach((post) => observer.observe(post));
};

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
window.addEventListener("pagehide", send);
