// The files of a message: pictures in a grid, films and sounds with the browser's own player, papers as links.
import { data, say } from "./data.js";
import { openDialog } from "./dialogs.js";
import { icon, iconButton, make } from "./dom.js";

const UNITS = ["unit_b", "unit_kb", "unit_mb", "unit_gb"];

export const sizeOf = (bytes) => {
  const step = bytes ? Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10)) : 0;
  const number = bytes / 1024 ** step;
  const rounded = new Intl.NumberFormat(data.language, { maximumFractionDigits: number < 10 && step ? 1 : 0 });
  return `${rounded.format(number)} ${say(UNITS[step])}`;
};

const ICONS = [
  [/pdf/, "file-type-pdf"], [/zip/, "file-zip"], [/sheet|excel|csv/, "file-spreadsheet"],
  [/presentation|powerpoint/, "presentation"], [/word|opendocument\.text|rtf|plain/, "file-text"],
  [/^image/, "photo"], [/^video/, "video"], [/^audio/, "music"],
];
export const iconOf = (type) => ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? "file";

// What a browser shows by itself opens beside the chat; everything else is saved.
const opensBeside = (file) => file.content_type === "application/pdf" || file.kind === "picture";
export const hrefOf = (file) => (opensBeside(file) ? file.url : `${file.url}?download=1`);

export const fileRow = (file, ...more) => make(
  "a.chat-file",
  { href: hrefOf(file), target: opensBeside(file) ? "_blank" : null, rel: "noopener", download: opensBeside(file) ? null : file.name },
  make("span.chat-file-icon", {}, icon(iconOf(file.content_type))),
  make("span.chat-file-text", {}, make("span.chat-file-name", {}, file.name), make("small", {}, sizeOf(file.size), more)),
);

// A picture as large as the window, with its neighbours.
export const showPicture = (pictures, start) => {
  let place = start;
  const image = make("img.chat-lightbox-picture", { alt: "" });
  const name = make("span.chat-lightbox-name");
  const save = make("a.btn.btn-sm", {}, icon("download"), say("download"));
  const step = (by) => {
    place = (place + by + pictures.length) % pictures.length;
    const file = pictures[place];
    image.src = file.url;
    image.alt = file.name;
    image.width = file.width;
    image.height = file.height;
    name.textContent = pictures.length > 1 ? `${file.name} · ${place + 1}/${pictures.length}` : file.name;
    save.href = `${file.url}?download=1`;
    save.download = file.name;
  };
  const several = pictures.length > 1;
  const body = make(
    ".chat-lightbox", {},
    several ? iconButton("chevron-left", say("previous_picture"), { onclick: () => step(-1) }, "is-before") : null,
    image,
    several ? iconButton("chevron-right", say("next_picture"), { onclick: () => step(1) }, "is-after") : null,
    make(".chat-lightbox-foot", {}, name, save),
  );
  const { dialog, close } = openDialog({ title: say("picture"), body, cls: "is-lightbox" });
  image.addEventListener("click", close);
  dialog.addEventListener("keydown", (event) => {
    if (several && event.key === "ArrowLeft") step(-1);
    if (several && event.key === "ArrowRight") step(1);
  });
  step(0);
};

const drawPicture = (pictures, file, place) => {
  const alone = pictures.length === 1;
  const image = make("img", {
    src: file.preview_url ?? file.url, alt: file.name, loading: "lazy", decoding: "async", width: file.width, height: file.height,
  });
  const open = (event) => {
    event.preventDefault();
    showPicture(pictures, place);
  };
  return make(`a.chat-picture${alone ? ".is-alone" : ""}`, { href: file.url, onclick: open, title: file.name }, image);
};

const drawPlayer = (file) => {
  const player = make(file.kind, { controls: true, preload: "metadata", src: file.url, "aria-label": file.name });
  return make(`figure.chat-player.is-${file.kind}`, {}, player, make("figcaption", {}, fileRow(file)));
};

export const drawFiles = (files) => {
  if (!files.length) return null;
  const pictures = files.filter((file) => file.kind === "picture");
  const grid = pictures.length
    ? make(`.chat-pictures.has-${Math.min(pictures.length, 3)}`, {}, pictures.map((file, place) => drawPicture(pictures, file, place)))
    : null;
  const others = files.filter((file) => file.kind !== "picture");
  const rows = others.map((file) => (file.kind === "document" ? fileRow(file) : drawPlayer(file)));
  return make(".chat-files", {}, grid, rows);
};
