// The platform on a device of somebody who is signed in: the page without a network, and the icon on the home screen.
(() => {
  if (!("serviceWorker" in navigator)) return;
  // After everything else: the first page has better things to load.
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch(() => {});
  });

  // --- Putting it on the home screen: only where the browser offers that --------------------------------------------
  let offer = null;
  const show = () => {
    document.querySelectorAll("[data-install]").forEach((part) => { part.hidden = !offer; });
  };
  window.addEventListener("beforeinstallprompt", (event) => {
    if (!document.querySelector("[data-install]")) return;
    event.preventDefault();
    offer = event;
    show();
  });
  window.addEventListener("appinstalled", () => {
    offer = null;
    show();
  });
  document.addEventListener("click", async (event) => {
    if (!offer || !event.target.closest("[data-install-now]")) return;
    const asked = offer;
    offer = null; // may be asked once
    await asked.prompt();
    show();
  });
})();
