// Bulk actions appear with a selection. Markup: templates/components/bulk_bar.html.
(() => {
  const rules = new Intl.PluralRules(document.documentElement.lang || "ru");
  const boxes = (form) => [...form.querySelectorAll("input[data-bulk-item]")];

  const phrase = (bar, count) => {
    const form = bar.dataset[rules.select(count)] || bar.dataset.many || "{n}";
    return form.replace("{n}", new Intl.NumberFormat(document.documentElement.lang).format(count));
  };

  const refresh = (form) => {
    const all = boxes(form);
    const chosen = all.filter((box) => box.checked);
    const bar = form.querySelector("[data-bulk-bar]");
    const head = form.querySelector("input[data-bulk-all]");
    all.forEach((box) => box.closest("tr, li")?.classList.toggle("is-selected", box.checked));
    if (head) {
      head.checked = all.length > 0 && chosen.length === all.length;
      head.indeterminate = chosen.length > 0 && chosen.length < all.length;
    }
    if (bar) {
      bar.hidden = chosen.length === 0;
      bar.querySelector("[data-bulk-count]").textContent = phrase(bar, chosen.length);
    }
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-bulk-all]")) {
      boxes(form).forEach((box) => { box.checked = event.target.checked; });
    }
    refresh(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-bulk-clear]");
    if (!button) return;
    const form = button.closest("form[data-bulk]");
    boxes(form).forEach((box) => { box.checked = false; });
    refresh(form);
    form.querySelector("[data-bulk-all]")?.focus();
  });
  // Shift with a click takes everything between two boxes, as in a letter box.
  let last = null;
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.("input[data-bulk-item]")) return;
    const form = event.target.closest("form[data-bulk]");
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
      refresh(form);
    }
    last = event.target;
  });
  const refreshAll = () => document.querySelectorAll("form[data-bulk]").forEach(refresh);
  document.addEventListener("DOMContentLoaded", refreshAll);
  document.addEventListener("htmx:afterSettle", refreshAll);
  window.addEventListener("pageshow", refreshAll);
})();
