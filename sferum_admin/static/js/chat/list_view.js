// The list of chats: whom they are with, the last word, what waits for me. And the search over all of them.
import { get } from "./api.js";
import { chatFace } from "./chat_header.js";
import { addressOf, data, say } from "./data.js";
import { shortMoment } from "./dates.js";
import { hidden, icon, make } from "./dom.js";
import { kept } from "./keeping.js";
import { brief } from "./names.js";
import { foundMessage, Pages } from "./panels.js";

const PAUSE = 300;
const folded = (text) => text.toLocaleLowerCase().replace(/ё/g, "е");

export class ListView {
  #drawn = new Map();
  #timer = null;
  #typing = new Map();

  // list: ChatList; open(chatId, number): show it; elements of the page: { listElement, search, found, empty, archive }
  constructor(list, { elements, open }) {
    Object.assign(this, { list, open });
    Object.assign(this, elements);
    this.current = null;
    this.pages = new Pages(
      ({ message, chat }) => foundMessage(message, this.search.value, {
        title: chat.title, href: addressOf(message.chat, message.number), open: () => open(message.chat, message.number),
      }),
      { empty: say("nothing_found") },
    );
    this.found.append(make("h3.chat-list-title", {}, say("messages")), this.pages.element);
    this.search.addEventListener("input", () => this.#searched());
    this.search.addEventListener("keydown", (event) => this.#searchKey(event));
    [this.listElement, this.archive].forEach((element) => element.addEventListener("click", (event) => this.#clicked(event)));
    this.listElement.addEventListener("keydown", (event) => this.#key(event));
    this.archive.addEventListener("toggle", () => { if (this.archive.open) this.#readArchive(); });
  }

  draw() {
    const query = folded(this.search.value.trim());
    const chats = this.list.ordered().filter((chat) => !query || folded(chat.title).includes(query));
    const focused = document.activeElement?.closest(".chat-item")?.dataset.id;
    const items = chats.map((chat) => this.#itemOf(chat));
    const isSame = items.length === this.listElement.children.length && items.every((item, place) => this.listElement.children[place] === item);
    if (!isSame) {
      this.listElement.replaceChildren(...items);
      if (focused) this.listElement.querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
    }
    this.empty.hidden = chats.length > 0 || Boolean(query);
    this.found.hidden = !query;
    this.archive.hidden = Boolean(query) || !this.list.chats.size;
  }

  #itemOf(chat) {
    const draft = chat.id === this.current ? null : kept("draft", chat.id)?.text;
    const typing = this.#typing.get(chat.id)?.words ?? null;
    const isCurrent = chat.id === this.current;
    const day = shortMoment(chat.last_message?.created_at ?? 0);
    const sign = JSON.stringify([chat.title, chat.last_message, chat.unread, chat.mentioned, chat.notify, draft, typing, isCurrent, day]);
    const known = this.#drawn.get(chat.id);
    if (known?.sign === sign) return known.item;
    const item = make("li", {}, this.#link(chat, { draft, typing, isCurrent }));
    if (known?.item.contains(document.activeElement)) queueMicrotask(() => item.firstChild.focus({ preventScroll: true }));
    if (known) known.item.replaceWith(item);
    this.#drawn.set(chat.id, { sign, item });
    return item;
  }

  #link(chat, { draft, typing, isCurrent }) {
    const last = chat.last_message;
    const isSilent = chat.notify !== "all";
    const badges = [];
    if (chat.mentioned) badges.push(make("span.chat-badge.is-mention", {}, "@", hidden(say("mentions_you"))));
    if (chat.unread) badges.push(make(`span.chat-badge${isSilent ? ".is-silent" : ""}`, {}, chat.unread > 999 ? "999+" : String(chat.unread), hidden(` ${say("unread_word")}`)));
    return make(
      `a.chat-item${chat.unread ? ".is-unread" : ""}`,
      { href: addressOf(chat.id), "aria-current": isCurrent ? "page" : null, dataset: { id: chat.id } },
      chatFace(chat),
      make(
        "span.chat-item-text", {},
        make("span.chat-item-head", {}, make("span.chat-item-title", {}, chat.title), isSilent ? icon("bell-off", "icon-sm") : null, last ? make("time", { datetime: last.created_at }, shortMoment(last.created_at)) : null),
        make("span.chat-item-foot", {}, this.#snippet(chat, { draft, typing }), badges),
      ),
    );
  }

  #snippet(chat, { draft, typing }) {
    if (typing) return make("span.chat-item-snippet.is-typing", {}, typing);
    if (draft?.trim()) return make("span.chat-item-snippet", {}, make("span.chat-item-draft", {}, `${say("draft")}: `), draft);
    const last = chat.last_message;
    if (!last) return make("span.chat-item-snippet", {}, chat.purpose || say("no_messages_yet"));
    const isOwn = last.author?.id === data.person.id;
    const isPersonal = chat.template === "personal";
    const who = !last.author || last.kind === "notice" || (isPersonal && !isOwn) ? "" : `${isOwn ? say("you") : brief(last.author.name)}: `;
    return make("span.chat-item-snippet", {}, who, last.snippet);
  }

  show(chatId) {
    this.current = chatId;
    this.draw();
    this.listElement.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  focusOn(chatId) {
    this.listElement.querySelector(`[data-id="${chatId}"]`)?.focus();
  }

  hear({ chat, person, name }) {
    if (person === data.person.id) return;
    clearTimeout(this.#typing.get(chat)?.timer);
    const timer = setTimeout(() => this.quiet(chat), 5000);
    const words = this.list.get(chat)?.template === "personal" ? say("types") : say("one_types", { name: brief(name) });
    this.#typing.set(chat, { words, timer });
    this.draw();
  }

  quiet(chat) {
    if (this.#typing.delete(chat)) this.draw();
  }

  async #readArchive() {
    const list = this.archive.querySelector("ul");
    try {
      const { results } = await get("chats/", { archived: true });
      list.replaceChildren(...results.map((chat) => make("li", {}, this.#link(chat, { isCurrent: chat.id === this.current }))));
      if (!results.length) list.append(make("li.chat-dialog-note", {}, say("archive_is_empty")));
    } catch {
      list.replaceChildren(make("li.chat-dialog-note", {}, say("no_connection_try_again")));
    }
  }

  // --- Search, keys -------------------------------------------------------------------------------------------------
  #searched() {
    const query = this.search.value.trim();
    clearTimeout(this.#timer);
    this.draw();
    if (query.length < 2) this.pages.clear(query ? say("search_hint") : "");
    else this.#timer = setTimeout(() => this.pages.show("chats/search/", { q: query }), PAUSE);
  }

  #searchKey(event) {
    if (event.key === "Escape" && this.search.value) {
      event.preventDefault();
      this.search.value = "";
      this.#searched();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      this.listElement.querySelector(".chat-item")?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.listElement.querySelector(".chat-item")?.click();
    }
  }

  #clicked(event) {
    const link = event.target.closest(".chat-item");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.open(Number(link.dataset.id));
  }

  #key(event) {
    const items = [...this.listElement.querySelectorAll(".chat-item")];
    const place = items.indexOf(event.target);
    if (place < 0) return;
    const target = { ArrowDown: items[place + 1], ArrowUp: items[place - 1] ?? this.search, Home: items[0], End: items.at(-1) }[event.key];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}
