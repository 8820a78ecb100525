// A menu that pops up where it was asked for; on a phone it comes from below. Arrows, Home, End, Escape, Tab.
import { icon, isNarrow, make } from "./dom.js";

let open = null;

export const closeMenu = ({ refocus = true } = {}) => {
  if (!open) return;
  const { layer, back } = open;
  open = null;
  layer.remove();
  if (refocus && back?.isConnected) back.focus({ preventScroll: true });
};

const place = (menu, at) => {
  const { innerWidth: width, innerHeight: height } = window;
  const box = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.x, width - box.width - 8));
  const below = at.y + box.height + 8 <= height;
  const top = below ? at.y : Math.max(8, (at.top ?? at.y) - box.height);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
};

const move = (menu, step) => {
  const items = [...menu.querySelectorAll("[role^=menuitem]")];
  const here = items.indexOf(document.activeElement);
  const next = { first: 0, last: items.length - 1 }[step] ?? (here + step + items.length) % items.length;
  items[next]?.focus();
};

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: "first", End: "last" };

// items: [{ label, icon, act, danger, checked }]; title: seen over them; at: { x, y, top } in the window; back: what gets the focus again
export const openMenu = ({ label, title = null, items, at, back = document.activeElement }) => {
  closeMenu({ refocus: false });
  const choose = (item) => {
    closeMenu();
    item.act();
  };
  const buttons = items.map((item) => make(
    `button.chat-menu-item${item.danger ? ".is-danger" : ""}`,
    {
      type: "button",
      role: item.checked === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": item.checked === undefined ? null : String(item.checked),
      tabindex: "-1",
      onclick: () => choose(item),
    },
    icon(item.checked ? "check" : item.icon),
    make("span", {}, item.label),
  ));
  const menu = make(`.chat-menu${isNarrow() ? ".is-sheet" : ""}`, { role: "menu", "aria-label": label }, title ? make("p.chat-menu-title", { "aria-hidden": "true" }, title) : null, buttons);
  const layer = make(`.chat-menu-layer${isNarrow() ? ".has-sheet" : ""}`, {}, menu);
  layer.addEventListener("pointerdown", (event) => { if (event.target === layer) closeMenu(); });
  layer.addEventListener("contextmenu", (event) => event.preventDefault());
  layer.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      closeMenu();
    } else if (event.key in STEPS) {
      event.preventDefault();
      move(menu, STEPS[event.key]);
    }
  });
  document.body.append(layer);
  open = { layer, back };
  if (!isNarrow()) place(menu, at);
  buttons[0]?.focus({ preventScroll: true });
};

// Under a button, its right edges in line.
export const under = (button) => {
  const box = button.getBoundingClientRect();
  return { x: box.right - 240, y: box.bottom + 4, top: box.top - 4 };
};
