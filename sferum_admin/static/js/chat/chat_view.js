// One open chat on the page: its head, pinned messages, feed, box; every state change ends in `draw`.
import { closePoll, openMessageMenu, setPinned, showReaders, vote } from "./actions.js";
import { get, post } from "./api.js";
import { ChatHeader } from "./chat_header.js";
import { Composer } from "./composer.js";
import { data, say } from "./data.js";
import { dayKey } from "./dates.js";
import { toastRefusal } from "./dialogs.js";
import { announce, icon, isTouch, make } from "./dom.js";
import { watchDrops } from "./drops.js";
import { Feed } from "./feed.js";
import { watchGestures } from "./gestures.js";
import { drawDay, drawLine, drawMessage, drawPending } from "./messages.js";
import { materialsPanel, searchPanel } from "./panels.js";
import { PinnedBar } from "./pinned_bar.js";
import { showVoters } from "./polls.js";
import { Presence } from "./presence.js";
import { layOut } from "./rows.js";

export class ChatView {
  #isLoading = { top: false, bottom: false };
  #newAfter = null;
  #panel = null;
  #marking = null;
  #marked = 0;

  // outgoing: Outgoing; took(message): a write of ours was answered; typing(); back(); read(chat, number, unread);
  // drafted(): the draft has changed
  constructor(chat, outgoing, hooks) {
    this.chat = chat;
    this.outgoing = outgoing;
    Object.assign(this, hooks);
    this.presence = new Presence(data.person.id, () => this.#top());
    this.#marked = chat.readNumber;
    this.#newAfter = chat.messages.some((message) => message.number > chat.readNumber && !chat.isOwn(message)) ? chat.readNumber : null;
    this.#build();
  }

  #build() {
    const { chat } = this;
    this.header = new ChatHeader(chat, {
      back: () => this.back(),
      search: () => this.open("search"),
      materials: () => this.open("materials"),
      date: (day) => this.#showDay(day),
      notify: (choice) => { chat.me = { ...chat.me, notify: choice }; this.notified(choice); },
    });
    this.pinned = new PinnedBar({ jump: (number) => this.jump(number), unpin: (message) => setPinned(message, false, this.took) });
    this.feed = new Feed({
      draw: (row) => this.#drawRow(row),
      top: () => this.#loadEarlier(),
      bottom: () => this.#loadLater(),
      seen: (number) => this.#see(number),
      moved: ({ isAtEnd }) => this.#moved(isAtEnd),
    }, say("messages"));
    this.downCount = make("span.chat-badge", { hidden: true });
    this.down = make("button.chat-down", { type: "button", hidden: true, title: say("to_the_end"), "aria-label": say("to_the_end"), onclick: () => this.toEnd() }, icon("arrow-down"), this.downCount);
    this.composer = new Composer(chat, {
      send: (draft) => this.#send(draft),
      sendPoll: async (body) => this.took(await post(`chats/${chat.id}/messages/`, body)),
      edited: (message) => this.took(message),
      typing: () => this.typing(),
      editLast: () => this.#editLast(),
      jump: (number) => this.jump(number),
      changed: () => this.drafted(),
    });
    this.empty = make(".chat-empty", { hidden: true });
    const middle = make(".chat-middle", {}, this.feed.element, this.empty, this.down);
    this.main = make(".chat-main", {}, this.header.element, this.pinned.element, middle, this.composer.element);
    this.element = make("section.chat-open", { "aria-label": chat.detail.title }, this.main);
    watchGestures(this.feed.list, (article, at) => this.#openMenu(article, at));
    this.feed.list.addEventListener("keydown", (event) => this.#key(event));
    this.feed.list.addEventListener("click", (event) => this.#follow(event));
    watchDrops(this.main, { mayDrop: () => chat.me.may_write, dropped: (files) => this.composer.addFiles(files) });
    document.addEventListener("visibilitychange", this.#hidden);
  }

  // What comes while nobody looks stands under the line when one comes back.
  #hidden = () => {
    if (document.visibilityState === "hidden") this.#newAfter = this.chat.readNumber;
    else if (this.chat.last <= this.#newAfter) this.#newAfter = null;
  };

  close() {
    document.removeEventListener("visibilitychange", this.#hidden);
    this.feed.close();
    this.composer.close();
    this.presence.close();
    clearTimeout(this.#marking);
    this.element.remove();
  }

  // --- Drawing ------------------------------------------------------------------------------------------------------
  start(number = 0) {
    this.draw();
    if (number) this.jump(number);
    else if (!this.feed.revealLine()) this.feed.toEnd();
    this.#readPinned();
  }

  // A finger that opens a chat does not ask for the keyboard: it would hide half of what one came to read.
  takeFocus() {
    if (!isTouch() && this.chat.me.may_write) this.composer.focus();
    else this.header.title.focus({ preventScroll: true });
  }

  draw({ toEnd = false } = {}) {
    const { chat } = this;
    const rows = layOut({
      messages: chat.messages,
      votes: chat.votes,
      person: chat.person,
      readByOthers: chat.readByOthers,
      showsReaders: chat.detail.shows_readers,
      pending: chat.hasAfter ? [] : this.outgoing.drafts,
      newAfter: this.#newAfter || null,
      hasBefore: chat.hasBefore,
      dayOf: dayKey,
      now: new Date().toISOString(),
    });
    this.feed.update(rows, { stick: !chat.hasAfter });
    this.#drawStart(rows);
    this.pinned.show(chat.pinned, chat.me.may_pin);
    this.#top();
    if (toEnd) this.feed.toEnd();
  }

  #top() {
    this.header.show({ presence: this.presence });
  }

  #drawStart(rows) {
    const isEmpty = !rows.length && !this.chat.hasBefore;
    if (isEmpty && this.empty.hidden) this.empty.replaceChildren(...this.#emptyWords());
    this.empty.hidden = !isEmpty;
    const words = this.chat.hasBefore ? say("loading") : say(this.chat.detail.kept_after ? "older_were_removed" : "start_of_chat");
    if (this.feed.start.textContent !== words) this.feed.start.textContent = words;
    this.feed.start.hidden = isEmpty;
  }

  #emptyWords() {
    const { detail, me } = this.chat;
    const hint = me.may_write ? say(detail.template === "personal" ? "empty_personal" : "empty_chat") : me.obstacle?.text ?? "";
    return [make("span.empty-state-icon", {}, icon("message-circle")), make("h2", {}, say("no_messages_yet")), make("p", {}, hint), detail.purpose ? make("p", {}, detail.purpose) : null].filter(Boolean);
  }

  #drawRow(row) {
    if (row.kind === "day") return drawDay(row);
    if (row.kind === "line") return drawLine(row);
    if (row.kind === "pending") return drawPending(row, { actions: this.#pendingActions(row.draft) });
    const { chat } = this;
    return drawMessage(row, {
      person: chat.person,
      detail: chat.detail,
      rights: chat.rights(row.message),
      actions: this.#actionsOf(row.message),
      again: () => this.feed.redraw(row.key),
    });
  }

  #actionsOf(message) {
    const fresh = () => this.chat.find(message.id) ?? message;
    return {
      jump: (number) => this.jump(number),
      readers: () => showReaders(message),
      reply: () => this.composer.answer(fresh()),
      menu: (event) => {
        const box = event.currentTarget.getBoundingClientRect();
        this.#openMenu(event.currentTarget.closest("article"), { x: box.left, y: box.bottom + 4, top: box.top - 4 });
      },
      poll: {
        vote: (options) => vote(message, options, (answer) => this.#voted(answer, options)),
        close: () => closePoll(message, this.took),
        voters: (option) => showVoters(this.chat.id, message, option),
      },
    };
  }

  #voted(message, options) {
    this.chat.voted(message.id, message.poll?.is_anonymous ? [] : options);
    this.took(message);
    this.draw();
  }

  #pendingActions(draft) {
    const key = draft.client_key;
    return {
      retry: () => this.outgoing.retry(key),
      change: () => this.composer.takeBack(this.outgoing.drop(key)),
      drop: () => this.outgoing.drop(key),
    };
  }

  // New words of others are read out; what is drawn may be far away from where one listens.
  hear(frame) {
    const { message } = frame;
    const isNew = message && message.number === message.event && !this.chat.isOwn(message);
    if (message?.deleted_at) this.composer.forget(message.id);
    this.draw();
    if (!isNew) return;
    if (message.author) this.presence.quiet(message.author.id);
    announce(message.author ? say("announced", { author: message.author.name, text: message.snippet }) : message.snippet);
  }

  rights(detail) {
    const { chat } = this;
    chat.detail = { ...chat.detail, ...detail, last_event: chat.detail.last_event };
    chat.me = detail.me;
    this.composer.rights();
    this.draw();
  }

  // --- The window ---------------------------------------------------------------------------------------------------
  async #load(side, parameters, take) {
    if (this.#isLoading[side]) return;
    this.#isLoading[side] = true;
    const before = this.chat.messages;
    try {
      const page = await get(`chats/${this.chat.id}/messages/`, parameters);
      if (before[0] !== this.chat.messages[0] && side === "top") return; // another part is shown meanwhile
      take(page);
      this.draw();
    } catch (error) {
      await new Promise((wait) => { setTimeout(wait, 3000); });
      if (error.name === "Refusal") throw error;
    } finally {
      this.#isLoading[side] = false;
    }
  }

  #loadEarlier() {
    const { chat } = this;
    if (chat.hasBefore && chat.first) this.#load("top", { before: chat.first }, (page) => chat.addEarlier(page));
  }

  #loadLater() {
    const { chat } = this;
    if (chat.hasAfter && chat.last) this.#load("bottom", { after: chat.last }, (page) => chat.addLater(page));
  }

  async #replace(parameters, then) {
    try {
      const page = await get(`chats/${this.chat.id}/messages/`, parameters);
      this.chat.show(page);
      this.feed.forgetPlace();
      this.draw();
      then(page);
    } catch (error) {
      toastRefusal(error);
    }
  }

  async jump(number) {
    if (this.#isPanelOver()) this.open(null);
    const { chat } = this;
    const isHere = number >= chat.first && (number <= chat.last || !chat.hasAfter) && chat.messages.length;
    if (isHere) this.#land(number);
    else await this.#replace({ around: number }, () => this.#land(number));
  }

  #land(number) {
    const element = this.feed.reveal(number);
    if (element?.matches("article")) this.feed.focusOn(element);
  }

  #showDay(day) {
    return this.#replace({ date: day }, (page) => this.feed.reveal(page.messages[0]?.number ?? 0, { block: "start", flash: false }));
  }

  async toEnd() {
    if (this.chat.hasAfter) await this.#replace({}, () => this.feed.toEnd());
    else this.feed.toEnd({ smooth: true });
    this.composer.focus();
  }

  #moved(isAtEnd) {
    if (this.down) this.down.hidden = isAtEnd && !this.chat.hasAfter;
  }

  unread(count) {
    this.downCount.textContent = count > 99 ? "99+" : String(count);
    this.downCount.hidden = !count;
    this.down.setAttribute("aria-label", count ? say("to_the_end_new", { count }) : say("to_the_end"));
  }

  async #readPinned() {
    try {
      const { messages, votes } = await get(`chats/${this.chat.id}/pinned/`);
      Object.assign(this.chat.votes, votes);
      this.chat.pins(messages);
      this.draw();
    } catch {
      // They come with the next opening; the feed is what matters.
    }
  }

  // --- Read marks ---------------------------------------------------------------------------------------------------
  #see(number) {
    if (number <= Math.max(this.#marked, this.chat.readNumber) || !this.chat.me.is_member) return;
    clearTimeout(this.#marking);
    this.#marking = setTimeout(() => this.#mark(number), 300);
  }

  async #mark(number) {
    const before = this.#marked;
    this.#marked = number;
    try {
      const { unread } = await post(`chats/${this.chat.id}/read/`, { number });
      this.chat.read(number);
      this.read(this.chat, number, unread);
    } catch {
      this.#marked = before; // the next look tries again
    }
  }

  // --- Writing ------------------------------------------------------------------------------------------------------
  async #send(draft) {
    this.#newAfter = null;
    this.outgoing.add(draft);
    if (this.chat.hasAfter) await this.#replace({}, () => this.feed.toEnd());
    else this.draw({ toEnd: true });
  }

  #editLast() {
    const last = this.chat.messages.findLast((message) => this.chat.rights(message).edit);
    if (last) this.composer.edit(last);
    return Boolean(last);
  }

  // --- Messages under the hand --------------------------------------------------------------------------------------
  #openMenu(article, at) {
    const message = this.chat.find(Number(article.dataset.id));
    if (!message) return;
    this.feed.focusOn(article);
    openMessageMenu(message, {
      rights: this.chat.rights(message),
      hooks: { answer: (one) => this.composer.answer(one), edit: (one) => this.composer.edit(one), took: this.took },
      at,
      back: article,
    });
  }

  #key(event) {
    const here = event.target.closest("article[data-id]");
    if (!here || event.target !== here) {
      if (event.key === "Escape" && here) this.feed.focusOn(here);
      return;
    }
    const articles = this.feed.articles();
    const place = articles.indexOf(here);
    const target = { ArrowUp: articles[place - 1], ArrowDown: articles[place + 1], Home: articles[0], End: articles.at(-1) }[event.key];
    if (target) {
      event.preventDefault();
      this.feed.focusOn(target);
    } else if (event.key === "Escape" || (event.key === "ArrowDown" && place === articles.length - 1)) {
      event.preventDefault();
      this.composer.focus();
    }
  }

  // A link to a message of this chat leads there without leaving the page.
  #follow(event) {
    const link = event.target.closest(".chat-words a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(link.href);
    const number = Number(/^#m(\d+)$/.exec(url.hash)?.[1] ?? 0);
    if (url.origin !== location.origin || url.pathname !== `${data.addresses.list}${this.chat.id}/` || !number) return;
    event.preventDefault();
    this.jump(number);
  }

  // --- Panels -------------------------------------------------------------------------------------------------------
  #isPanelOver() {
    return this.#panel !== null && getComputedStyle(this.#panel.element).position !== "static";
  }

  open(name) {
    const before = this.#panel;
    before?.element.remove();
    this.#panel = null;
    this.header.opened(null);
    if (!name || before?.name === name) {
      if (before) (before.name === "search" ? this.header.searchButton : this.header.materialsButton).focus();
      return;
    }
    const hooks = { close: () => this.open(null), jump: (number) => this.jump(number) };
    const panel = (name === "search" ? searchPanel : materialsPanel)(this.chat, hooks);
    this.#panel = { ...panel, name };
    this.element.append(panel.element);
    this.header.opened(name);
    panel.focus();
  }
}
