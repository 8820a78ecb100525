// Dialogs over the page: one at a time, closed by Escape, by a tap beside, by the cross; the focus goes back.
import { get } from "./api.js";
import { say } from "./data.js";
import { avatar, iconButton, make } from "./dom.js";

export const openDialog = ({ title, body, cls = "" }) => {
  const close = () => dialog.close();
  const heading = make("h2.chat-dialog-title", { id: "chat-dialog-title" }, title);
  const head = make("header.chat-dialog-head", {}, heading, iconButton("x", say("close"), { onclick: close }));
  const shape = `dialog.chat-dialog${cls ? `.${cls}` : ""}`;
  const dialog = make(shape, { "aria-labelledby": heading.id }, make(".chat-dialog-box", {}, head, body));
  // The backdrop belongs to the dialog itself; everything inside stands in the box.
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => { pressed = event.target; });
  dialog.addEventListener("click", (event) => { if (event.target === dialog && pressed === dialog) close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
};

const refusalOf = (error) => (error.name === "Refusal" ? error.message : say("no_connection_try_again"));

// A form in a dialog: `fields` are elements, `send()` does it and may be refused; what was typed stays.
export const askForm = ({ title, fields, action, danger = false, send }) => {
  const complaint = make("p.field-error", { role: "alert", hidden: true });
  const button = make(`button.btn.${danger ? "btn-danger" : "btn-primary"}`, { type: "submit" }, action);
  const cancel = make("button.btn", { type: "button", onclick: () => opened.close() }, say("cancel"));
  const form = make("form.chat-dialog-form", {}, fields, complaint, make(".actions", {}, button, cancel));
  const opened = openDialog({ title, body: form });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (button.disabled) return;
    button.disabled = true;
    complaint.hidden = true;
    try {
      await send();
      opened.close();
    } catch (error) {
      complaint.textContent = refusalOf(error);
      complaint.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
  return opened;
};

// People by name, page after page.
export const showPeople = ({ title, path, empty }) => {
  const list = make("ul.chat-people");
  const status = make("p.chat-dialog-note", { role: "status" }, say("loading"));
  const more = make("button.btn.btn-sm", { type: "button", hidden: true }, say("show_more"));
  const opened = openDialog({ title, body: make(".chat-dialog-scroll", { tabindex: "0" }, status, list, more) });
  const load = async (address) => {
    try {
      const answer = await get(address);
      list.append(...answer.results.map(({ name }) => make("li.person", {}, avatar(name, "avatar-sm"), make("span", {}, name))));
      status.textContent = list.children.length ? "" : empty;
      more.hidden = !answer.next;
      more.onclick = () => load(answer.next);
    } catch (error) {
      status.textContent = refusalOf(error);
    }
  };
  load(path);
  return opened;
};

let shown = null;
// A short word at the bottom of the page: what was done, or why it could not be.
export const toast = (text, tone = "") => {
  clearTimeout(shown?.timer);
  shown?.element.remove();
  const element = make(`.chat-toast${tone ? `.is-${tone}` : ""}`, { role: tone === "bad" ? "alert" : "status" }, text);
  document.body.append(element);
  shown = { element, timer: setTimeout(() => element.remove(), tone === "bad" ? 7000 : 3500) };
};

export const toastRefusal = (error) => toast(refusalOf(error), "bad");
