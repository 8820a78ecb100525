// Small helpers of the pages. Everything works without them where a form suffices.
(() => {
  const closest = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  // --- Menus built on <details>: close on a click elsewhere and on Escape ------------------------------------------
  const openMenus = () => document.querySelectorAll("details.dropmenu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // --- Notices -----------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-dismiss]");
    if (button) button.closest(button.dataset.dismiss)?.remove();
  });

  // --- Copy, share, print ------------------------------------------------------------------------------------------
  const copyByHand = (text) => {
    const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy"); // browsers without a secure context have nothing else
    area.remove();
    return done;
  };
  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  };
  const announce = (text) => {
    let place = document.getElementById("announcer");
    if (!place) {
      place = Object.assign(document.createElement("div"), { id: "announcer", className: "visually-hidden" });
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = text;
  };
  const sayOn = (button, text) => {
    const label = button.querySelector("[data-label]") || button;
    if (label.dataset.before === undefined) label.dataset.before = label.innerHTML;
    label.textContent = text;
    announce(text);
    setTimeout(() => {
      label.innerHTML = label.dataset.before;
      delete label.dataset.before;
    }, 2000);
  };
  document.addEventListener("click", async (event) => {
    const button = closest(event, "[data-copy]");
    if (!button || button.dataset.busy) return;
    const done = await copyText(button.dataset.copy);
    button.dataset.busy = "1";
    sayOn(button, done ? button.dataset.copied || "✓" : button.dataset.copyFailed || "✗");
    setTimeout(() => delete button.dataset.busy, 2000);
  });
  document.addEventListener("click", async (event) => {
    const button = closest(event, "[data-share]");
    if (!button) return;
    const { share: url, shareTitle: title, shareText: text } = button.dataset;
    try {
      await navigator.share({ url, title, text });
    } catch {
      // Closed by the person: nothing to say.
    }
  });
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-print]")) window.print();
  });
  const showShareButtons = (root) => {
    if (!navigator.share) return;
    root.querySelectorAll("[data-share][hidden]").forEach((button) => { button.hidden = false; });
  };

  // --- Forms -------------------------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const control = closest(event, "[data-autosubmit]");
    if (control) control.form.requestSubmit();
  });
  // A double tap must not send twice; the button comes back when the page is shown again from the history.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method === "get") return;
    const button = event.submitter;
    if (!button || button.dataset.resubmit !== undefined) return;
    if (button.classList.contains("is-busy")) {
      event.preventDefault();
      return;
    }
    button.classList.add("is-busy");
    setTimeout(() => button.classList.remove("is-busy"), 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
  });

  // --- Focus: errors first, else what the page asks for ------------------------------------------------------------
  const focusAfterChange = (root) => {
    const target = root.querySelector("[data-focus], .error-summary");
    if (target) target.focus();
  };
  document.addEventListener("DOMContentLoaded", () => {
    showShareButtons(document);
    document.querySelector(".error-summary")?.focus();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    showShareButtons(event.target);
    focusAfterChange(event.target);
  });
  // A form that comes back with errors (422) is shown like any other answer.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
