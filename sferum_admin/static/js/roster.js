// A file that is dropped or chosen is sent at once. Without this script the form has a button.
(() => {
  const send = (form) => {
    const zone = form.querySelector("[data-dropzone]");
    zone.classList.add("is-busy");
    zone.querySelector("[data-dropzone-hint]").hidden = true;
    zone.querySelector("[data-dropzone-busy]").hidden = false;
    form.requestSubmit();
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-roster-upload]");
    if (form && event.target.type === "file" && event.target.files.length) send(form);
  });

  const zoneOf = (event) => event.target.closest?.("[data-dropzone]");
  const mark = (event, isOver) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", isOver);
  };
  document.addEventListener("dragover", (event) => mark(event, true));
  document.addEventListener("dragleave", (event) => mark(event, false));
  document.addEventListener("drop", (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    mark(event, false);
    const input = zone.querySelector("input[type=file]");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send(zone.closest("form"));
  });

  // Back from the next page: the zone is free again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-dropzone].is-busy").forEach((zone) => {
      zone.classList.remove("is-busy");
      zone.closest("form").reset();
      zone.querySelector("[data-dropzone-hint]").hidden = false;
      zone.querySelector("[data-dropzone-busy]").hidden = true;
    });
  });
})();
