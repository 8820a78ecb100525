// What opens beside the conversation: the search in this chat, and its materials.
import { get } from "./api.js";
import { say } from "./data.js";
import { fullMoment, shortMoment } from "./dates.js";
import { icon, iconButton, make } from "./dom.js";
import { fileRow, showPicture } from "./files_view.js";
import { marked } from "./highlight.js";
import { brief } from "./names.js";

const PAUSE = 300;

export const shell = (title, body, close, back) => make(
  "aside.chat-panel", { "aria-label": title, onkeydown: (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  } },
  make("header.chat-panel-head", {}, back ?? null, make("h3", {}, title), iconButton("x", say("close"), { onclick: close })),
  body,
);

const note = (text) => make("p.chat-dialog-note", { role: "status" }, text);

// Pages of something, the next one by a button. draw(row) → element
export class Pages {
  #asked = 0;

  constructor(draw, words) {
    Object.assign(this, { draw, words });
    this.status = note("");
    this.list = make("ul.chat-found");
    this.more = make("button.btn.btn-sm", { type: "button", hidden: true, onclick: () => this.#load(this.next) }, say("show_more"));
    this.element = make(".chat-panel-scroll", {}, this.status, this.list, this.more);
  }

  clear(text = "") {
    this.#asked += 1;
    this.list.replaceChildren();
    this.more.hidden = true;
    this.status.textContent = text;
  }

  show(path, parameters) {
    this.clear(say("searching"));
    return this.#load(path, parameters);
  }

  async #load(path, parameters = {}) {
    this.#asked += 1;
    const mine = this.#asked;
    this.more.disabled = true;
    try {
      const answer = await get(path, parameters);
      if (mine !== this.#asked) return;
      this.list.append(...answer.results.map((row) => make("li", {}, this.draw(row))));
      this.status.textContent = this.list.children.length ? "" : this.words.empty;
      this.next = answer.next;
      this.more.hidden = !answer.next;
    } catch (error) {
      if (mine === this.#asked) this.status.textContent = error.name === "Refusal" ? error.message : say("no_connection_try_again");
    } finally {
      this.more.disabled = false;
    }
  }
}

// A message that was found, as a link to it.
export const foundMessage = (message, query, { title = null, href, open }) => make(
  "a.chat-found-item", { href, onclick: (event) => { event.preventDefault(); open(); } },
  make("span.chat-found-head", {}, make("strong", {}, title ?? message.author?.name ?? say("nobody")), make("time", { datetime: message.created_at, title: fullMoment(message.created_at) }, shortMoment(message.created_at))),
  make("span.chat-found-text", {}, title && message.author ? `${message.author.name}: ` : null, marked(message.snippet, query)),
);

export const searchPanel = (chat, { close, jump }) => {
  let timer = null;
  const pages = new Pages(
    (message) => foundMessage(message, input.value, { href: `#m${message.number}`, open: () => jump(message.number) }),
    { empty: say("nothing_found") },
  );
  const input = make("input.form-control", { type: "search", "aria-label": say("search_in_chat"), placeholder: say("search_in_chat"), autocomplete: "off", enterkeyhint: "search" });
  const look = () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) pages.clear(say("search_hint"));
    else timer = setTimeout(() => pages.show(`chats/${chat.id}/search/`, { q: input.value.trim() }), PAUSE);
  };
  input.addEventListener("input", look);
  look();
  const field = make(".chat-panel-tools", {}, make(".input-icon-search", {}, icon("search"), input));
  return { element: shell(say("search"), [field, pages.element], close), focus: () => input.focus() };
};

const KINDS = [["", "all_files"], ["document", "documents"], ["picture", "pictures"], ["video", "videos"], ["audio", "sounds"]];

export const materialsPanel = (chat, { close, jump }) => {
  const go = (file) => make("button.chat-link-button", { type: "button", onclick: () => jump(file.number) }, say("to_message"));
  const drawRow = (file) => make(
    ".chat-material", {}, fileRow(file, make("span", {}, ` · ${file.author ? brief(file.author.name) : say("nobody")}, ${shortMoment(file.created_at)}`)), go(file),
  );
  const drawTile = (file) => make(
    "a.chat-picture", { href: file.url, title: file.name, onclick: (event) => { event.preventDefault(); showPicture([file], 0); } },
    make("img", { src: file.preview_url ?? file.url, alt: file.name, loading: "lazy", width: file.width, height: file.height }),
  );
  let kind = "";
  const pages = new Pages((file) => (kind === "picture" ? drawTile(file) : drawRow(file)), { empty: say("no_materials") });
  const tabs = KINDS.map(([value, words]) => make("button.chat-tab", { type: "button", "aria-pressed": "false", onclick: () => choose(value), dataset: { value } }, say(words)));
  const choose = (value) => {
    kind = value;
    tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.value === value)));
    pages.list.classList.toggle("is-tiles", value === "picture");
    pages.show(`chats/${chat.id}/files/`, { kind: value || undefined });
  };
  choose("");
  const tools = make(".chat-panel-tools.chat-tabs", { role: "group", "aria-label": say("kind_of_file") }, tabs);
  return { element: shell(say("materials"), [tools, pages.element], close), focus: () => tabs[0].focus() };
};

