// The page without a network stands at the address that was asked for: it looks whether the site answers, then loads it.
(() => {
  const FIRST = 3000;
  const LONGEST = 30_000;
  const state = document.querySelector("[data-trying]");
  let pause = FIRST;
  let timer = 0;

  const open = () => {
    if (location.pathname === "/offline/") location.replace("/");
    else location.reload();
  };
  const look = async () => {
    clearTimeout(timer);
    state.textContent = state.dataset.trying;
    try {
      const answer = await fetch("/healthz", { cache: "no-store", credentials: "omit" });
      if (answer.ok) {
        open();
        return;
      }
    } catch {
      // Still away.
    }
    state.textContent = state.dataset.waiting;
    timer = setTimeout(look, pause);
    pause = Math.min(pause * 2, LONGEST);
  };
  const again = () => {
    pause = FIRST;
    look();
  };
  document.querySelector("[data-again]").addEventListener("click", again);
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") again();
  });
  timer = setTimeout(look, pause);
})();
