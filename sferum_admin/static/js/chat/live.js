// Keeps the state up to date: by the socket, by asking for what it missed, by asking regularly where sockets are blocked.
import { get, Refusal, Unreachable } from "./api.js";
import { data } from "./data.js";
import { Socket } from "./socket.js";

const GAP = 400;
const LIST_SOON = 1200;
const POLL_AFTER = 4000;
const POLL = 5000;
const POLL_HIDDEN = 15_000;
const WATCH = 30_000;
// The list is heavier than one chat's changes.
const LIST_EVERY = 3;

export class Live {
  #healing = null;
  #listing = null;
  #timers = {};
  #polling = null;
  #isAsking = false;
  #round = 0;
  #wasHere = false;

  // list: ChatList; current(): the open Conversation or null; drawn(what): "list" or "chat" has changed;
  // put out(chat), told(frame): typing, presence; stands({ state, nextAt }); rights(): read the chat's detail again
  constructor(hooks) {
    Object.assign(this, hooks);
    this.state = "connecting";
    this.socket = new Socket(data.addresses.socket, {
      heard: (frame) => this.#hear(frame),
      changed: (connection) => this.#connection(connection),
      gone: (code) => this.#gone(code),
    });
    this.#pollIn(POLL_AFTER);
    setInterval(() => this.watch(), WATCH);
  }

  send(frame) {
    return this.socket.send(frame);
  }

  retry() {
    this.socket.retry();
    this.#poll();
  }

  // Who is here? The answer's `last_event` also uncovers what was lost.
  watch() {
    const chat = this.current();
    if (chat && document.visibilityState === "visible") this.send({ type: "watch", chat: chat.id });
  }

  // --- The connection -----------------------------------------------------------------------------------------------
  #connection({ isOpen, nextAt }) {
    if (isOpen) {
      this.#dontPoll();
      this.#stand("live");
      return;
    }
    if (this.state === "live") this.#stand("lost", nextAt);
    else this.stands({ state: this.state, nextAt });
    if (!this.#polling) this.#pollIn(POLL_AFTER);
  }

  // The tries to connect have a rhythm of their own, which must not put off the asking.
  #pollIn(wait) {
    this.#polling ??= setTimeout(() => this.#poll(), wait);
  }

  #dontPoll() {
    clearTimeout(this.#polling);
    this.#polling = null;
  }

  #stand(state, nextAt = null) {
    const before = this.state;
    this.state = state;
    this.stands({ state, nextAt, before });
  }

  #gone(code) {
    if (code === 4401) location.reload();
    else location.assign("/");
  }

  async #poll() {
    if (this.socket.isOpen || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const chat = this.current();
      if (chat) await this.#heal(chat);
      if (!chat || this.#round % LIST_EVERY === 0) await this.#readList();
      this.#round += 1;
      if (!this.socket.isOpen) this.#stand("polling");
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (!this.socket.isOpen) this.#stand("lost");
    } finally {
      this.#isAsking = false;
      this.#dontPoll();
      const pause = document.visibilityState === "visible" ? POLL : POLL_HIDDEN;
      if (!this.socket.isOpen) this.#pollIn(pause * (0.8 + 0.4 * Math.random()));
    }
  }

  // --- What the socket tells ----------------------------------------------------------------------------------------
  #hear(frame) {
    const hear = this.#hearers[frame.type];
    if (hear) hear(frame);
  }

  #hearers = {
    welcome: (frame) => {
      // Somebody else signed in on this computer meanwhile.
      if (frame.person !== data.person.id) location.reload();
      // Marks have no numbers: whoever was away asks how far others have read. The page itself has just been read.
      if (this.#wasHere || this.list.behind(frame.chats).length) this.readListSoon(0);
      this.#wasHere = true;
      this.#compare(frame.chats);
      this.#healSoon(0);
      this.watch();
    },
    chats: (frame) => {
      this.#compare(frame.chats);
      this.readListSoon(0);
      const chat = this.current();
      if (chat) this.rights(chat);
    },
    message: (frame) => this.take(frame),
    chat: (frame) => this.take(frame),
    seen: (frame) => this.#mark(frame, (chat) => chat.seen(frame.person, frame.number)),
    read: (frame) => {
      this.list.read(frame.chat, frame.number, frame.unread);
      this.#mark(frame, (chat) => chat.read(frame.number));
      this.drawn("list");
    },
    vote: (frame) => this.#mark(frame, (chat) => chat.voted(frame.message, frame.options)),
    notify: (frame) => {
      this.list.notify(frame.chat, frame.notify);
      this.#mark(frame, (chat) => { chat.me = { ...chat.me, notify: frame.notify }; });
      this.drawn("list");
    },
    typing: (frame) => this.told(frame),
    presence: (frame) => {
      this.told(frame);
      const chat = this.current();
      if (chat?.id === frame.chat && frame.last_event > chat.known) this.#healSoon();
    },
  };

  #mark(frame, change) {
    const chat = this.current();
    if (chat?.id !== frame.chat) return;
    change(chat);
    this.drawn("chat");
  }

  // Where I belong now, and how far each chat has gone.
  #compare(told) {
    const chat = this.current();
    if (!chat) return;
    const mine = told.find(({ id }) => id === chat.id);
    if (mine && mine.last_event > chat.known) this.#healSoon(0);
    else if (!mine && chat.me.is_member) this.putOut(chat);
    // One that is only looked into says itself when the look is over.
    else if (!mine) this.#healSoon(0);
  }

  // An event, from the socket or from the answer to a write of our own.
  take(frame) {
    const chat = this.current();
    if (this.list.receive(frame) === "stale") this.readListSoon();
    this.drawn("list");
    if (chat?.id !== frame.chat) return;
    const outcome = chat.receive(frame);
    if (outcome === "gap") this.#healSoon();
    if (outcome !== "applied") return;
    // Rules and mutes change what I may do; both are told to the chat.
    if (frame.type === "chat" || frame.message.kind === "notice") this.rights(chat);
    this.drawn("chat", frame);
  }

  // --- Asking -------------------------------------------------------------------------------------------------------
  #healSoon(wait = GAP) {
    this.#after("heal", wait, () => {
      const chat = this.current();
      if (chat) this.#heal(chat).catch(() => this.#healSoon(POLL));
    });
  }

  // Ask for what came after the last known event, one question at a time.
  #heal(chat) {
    if (this.#healing?.chat !== chat) {
      const asking = this.#ask(chat).finally(() => {
        if (this.#healing?.chat === chat) this.#healing = null;
      });
      this.#healing = { chat, asking };
    }
    return this.#healing.asking;
  }

  async #ask(chat) {
    let hasMore = true;
    while (hasMore) {
      let changes;
      try {
        changes = await get(`chats/${chat.id}/changes/`, { after: chat.known });
      } catch (error) {
        if (error instanceof Refusal && error.status === 404) {
          this.putOut(chat);
          return;
        }
        throw error;
      }
      if (this.current() !== chat) return;
      hasMore = chat.heal(changes);
      if (changes.chat) this.rights(chat);
      this.drawn("chat", { type: "changes", messages: changes.messages });
    }
  }

  readListSoon(wait = LIST_SOON) {
    if (this.#listing) return;
    this.#listing = setTimeout(() => {
      this.#listing = null;
      this.#readList().catch(() => this.readListSoon(POLL));
    }, wait * (1 + Math.random()));
  }

  async #readList() {
    const chats = [];
    for (let next = "chats/"; next;) {
      const page = await get(next);
      chats.push(...page.results);
      next = page.next;
    }
    this.list.replace(chats);
    this.drawn("list");
  }

  #after(name, wait, then) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(then, wait);
  }
}
