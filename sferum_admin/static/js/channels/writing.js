// The writer's desk: files on their way, and a draft on the device until the text has been sent.
import { tendUploads } from "./uploads.js";

const KEPT = ["title", "text", "question", "remark"];
const SENT = "post-sent";
const store = (work) => {
  try {
    return work();
  } catch {
    return null; // a browser that keeps nothing
  }
};
const stored = (key) => store(() => JSON.parse(localStorage.getItem(key) ?? "null"));

// What was sent well is not kept any more: the page that follows is another one.
const forgetSent = () => {
  const key = store(() => sessionStorage.getItem(SENT));
  if (!key || document.querySelector(`[data-writing="${CSS.escape(key)}"]`)) return;
  store(() => localStorage.removeItem(key));
  store(() => sessionStorage.removeItem(SENT));
};

const fieldsOf = (form) => KEPT.map((name) => form.elements.namedItem(name)).filter((field) => field instanceof Element);

const offer = (form, key, kept) => {
  const place = form.querySelector("[data-draft-notice]");
  if (!place) return;
  const { wordsFound, wordsTake, wordsDrop } = form.dataset;
  const make = (tag, cls, text = "") => Object.assign(document.createElement(tag), { className: cls, textContent: text });
  const notice = make("div", "callout");
  const body = make("div", "callout-text");
  const actions = make("div", "actions mt-2");
  const take = Object.assign(make("button", "btn btn-sm", wordsTake), { type: "button" });
  const drop = Object.assign(make("button", "btn btn-sm btn-link", wordsDrop), { type: "button" });
  take.addEventListener("click", () => {
    fieldsOf(form).forEach((field) => { if (kept[field.name] !== undefined) field.value = kept[field.name]; });
    notice.remove();
    fieldsOf(form)[0]?.focus();
  });
  drop.addEventListener("click", () => {
    store(() => localStorage.removeItem(key));
    notice.remove();
    fieldsOf(form)[0]?.focus();
  });
  actions.append(take, drop);
  body.append(make("p", "", wordsFound), actions);
  notice.append(body);
  place.replaceChildren(notice);
};

const keep = (form) => {
  const key = form.dataset.writing;
  const kept = stored(key);
  const first = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
  // A page that came back with errors holds what was typed already.
  const differs = kept && fieldsOf(form).some((field) => kept[field.name] && kept[field.name] !== field.value);
  if (differs && !form.querySelector(".error-summary, .callout-warn#theirs")) offer(form, key, kept);
  let later = null;
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      const values = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
      const isSame = Object.entries(values).every(([name, value]) => value === first[name]);
      store(() => (isSame ? localStorage.removeItem(key) : localStorage.setItem(key, JSON.stringify(values))));
    }, 400);
  });
  form.addEventListener("submit", () => store(() => sessionStorage.setItem(SENT, key)));
};

export const tendForms = () => {
  forgetSent();
  document.querySelectorAll("form[data-writing]").forEach(keep);
  document.querySelectorAll("[data-uploads]").forEach(tendUploads);
};
