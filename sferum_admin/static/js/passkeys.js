// Passkeys: shows what needs them only where the browser has them, and says when a ceremony was broken off.
(function () {
  "use strict";

  function reveal() {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkeys]").forEach((part) => { part.hidden = false; });
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-error]").forEach((notice) => { notice.hidden = false; });
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reveal);
  else reveal();
})();
