// Pictures open large in a dialog: arrows lead on, Escape closes; without JavaScript the link opens the file.
const use = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";

const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const part = document.createElementNS("http://www.w3.org/2000/svg", "use");
  part.setAttribute("href", `${use}#${name}`);
  svg.append(part);
  return svg;
};

const make = (tag, cls, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), { className: cls });
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
};

const button = (name, label, cls = "") =>
  make("button", `post-lightbox-button ${cls}`, { type: "button", "aria-label": label, title: label }, icon(name));

const show = (gallery, start) => {
  const pictures = [...gallery.querySelectorAll("[data-picture]")];
  const words = gallery.dataset;
  let place = pictures.indexOf(start);
  const image = make("img", "");
  const name = make("span", "post-lightbox-name", { "aria-live": "polite" });
  const save = make("a", "post-lightbox-button", { "aria-label": words.wordsSave, title: words.wordsSave }, icon("download"));
  const close = button("x", words.wordsClose);
  const before = button("chevron-left", words.wordsPrevious, "is-before");
  const after = button("chevron-right", words.wordsNext, "is-after");
  const step = (by) => {
    place = (place + by + pictures.length) % pictures.length;
    const picture = pictures[place];
    image.src = picture.href;
    image.width = picture.dataset.width;
    image.height = picture.dataset.height;
    image.alt = picture.dataset.name;
    const count = pictures.length > 1 ? ` · ${place + 1}/${pictures.length}` : "";
    name.textContent = picture.dataset.name + count;
    save.href = `${picture.href}?download=1`;
  };
  const several = pictures.length > 1;
  const stage = make("div", "post-lightbox-stage", {}, image, ...(several ? [before, after] : []));
  const dialog = make("dialog", "post-lightbox", { "aria-label": words.wordsTitle },
    make("div", "post-lightbox-box", {}, make("div", "post-lightbox-head", {}, name, save, close), stage));
  close.addEventListener("click", () => dialog.close());
  before.addEventListener("click", () => step(-1));
  after.addEventListener("click", () => step(1));
  stage.addEventListener("click", (event) => { if (event.target === stage) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !several) return;
    event.preventDefault();
    step(by);
  });
  swipes(stage, (by) => several && step(by));
  dialog.addEventListener("close", () => {
    dialog.remove();
    start.focus();
  });
  step(0);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
};

const swipes = (stage, step) => {
  let from = null;
  stage.addEventListener("touchstart", (event) => { from = event.touches.length === 1 ? event.touches[0].clientX : null; }, { passive: true });
  stage.addEventListener("touchend", (event) => {
    if (from === null) return;
    const by = event.changedTouches[0].clientX - from;
    if (Math.abs(by) > 50) step(by < 0 ? 1 : -1);
    from = null;
  });
};

export const openGalleries = () => {
  if (!window.HTMLDialogElement) return;
  document.addEventListener("click", (event) => {
    const picture = event.target instanceof Element ? event.target.closest("[data-picture]") : null;
    if (!picture || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(picture.closest("[data-gallery]"), picture);
  });
};
