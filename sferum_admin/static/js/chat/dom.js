// Elements made by hand: a text never becomes markup.
import { data } from "./data.js";
import { initials, tone } from "./names.js";

// make("button.chat-send", { type: "button", onclick, "aria-label": "…" }, child, "text", null)
export const make = (shape, attributes = {}, ...children) => {
  const [tag, ...classes] = shape.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const icon = (name, cls = "") => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${cls}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${data.addresses.icons}#${name}`);
  svg.append(use);
  return svg;
};

// A round button that shows only a picture; its name is for those who hear and for the pointer that rests on it.
export const iconButton = (name, label, attributes = {}, cls = "") => {
  const shape = `button.chat-icon-button${cls ? `.${cls}` : ""}`;
  return make(shape, { type: "button", title: label, "aria-label": label, ...attributes }, icon(name));
};

export const avatar = (name, cls = "") =>
  make(`span.avatar.tone-${tone(name)}${cls ? `.${cls}` : ""}`, { "aria-hidden": "true" }, initials(name));

export const hidden = (text) => make("span.visually-hidden", {}, text);

let announcer = null;
// Say something to a screen reader without moving the focus.
export const announce = (text) => {
  if (!announcer) {
    announcer = make(".visually-hidden", { role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    document.body.append(announcer);
  }
  const line = make("p", {}, text);
  announcer.append(line);
  setTimeout(() => line.remove(), 10_000);
};

export const copyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea.visually-hidden", { readonly: true, value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy"); // browsers without a secure context have nothing else
    area.remove();
    return done;
  }
};

export const isTouch = () => window.matchMedia("(pointer: coarse)").matches;
export const isNarrow = () => window.matchMedia("(max-width: 899.98px)").matches;
export const wantsCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
