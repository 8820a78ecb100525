// Messages on their way, one after the other, so that they arrive in the order in which they were written. Each carries
// a key of ours: sent again after a lost answer, it makes no second message. They survive a reload of the page.
import { post, Unreachable } from "./api.js";
import { keep, kept } from "./keeping.js";

const PAUSES = [2000, 4000, 8000, 15_000];

export const newKey = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without HTTPS (a school's own computer in its own network) there is no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

export class Outgoing {
  #isBusy = false;
  #pause = 0;
  #timer = null;

  // changed(): draw again; sent(message); refused(error): the server said no
  constructor(chatId, hooks) {
    this.chatId = chatId;
    Object.assign(this, hooks);
    // Of those nobody knows whether they arrived; the person decides.
    this.drafts = (kept("outgoing", chatId) ?? []).map((draft) => ({ ...draft, state: "failed", reason: "" }));
  }

  add({ text, shown, replyTo = null, files = [], poll = null, isUrgent = false, people = {} }) {
    this.drafts.push({
      client_key: newKey(), created_at: new Date().toISOString(), state: "sending", reason: "",
      text, shown, people, reply_to: replyTo, files, poll, is_urgent: isUrgent,
    });
    this.#changed();
    this.#run();
  }

  retry(key) {
    const draft = this.#find(key);
    if (!draft) return;
    Object.assign(draft, { state: "sending", reason: "" });
    this.#changed();
    this.resume();
  }

  // Taken back; returns the draft.
  drop(key) {
    const draft = this.#find(key);
    this.drafts = this.drafts.filter((one) => one !== draft);
    this.#changed();
    return draft;
  }

  // The connection is back.
  resume() {
    clearTimeout(this.#timer);
    this.#pause = 0;
    this.drafts.forEach((draft) => { if (draft.state === "waiting") draft.state = "sending"; });
    this.#run();
  }

  // It arrived: by the answer, or by the socket before the answer.
  settle(key) {
    if (!key || !this.#find(key)) return;
    this.drafts = this.drafts.filter((draft) => draft.client_key !== key);
    this.#changed();
  }

  async #run() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    let draft = this.#next();
    while (draft && await this.#send(draft)) draft = this.#next();
    this.#isBusy = false;
  }

  #next() {
    return this.drafts.find((draft) => draft.state === "sending");
  }

  async #send(draft) {
    try {
      const message = await post(`chats/${this.chatId}/messages/`, {
        text: draft.text,
        reply_to: draft.reply_to?.id ?? null,
        file_ids: draft.files.map((file) => file.id),
        poll: draft.poll,
        is_urgent: draft.is_urgent,
        client_key: draft.client_key,
      });
      this.#pause = 0;
      this.sent(message);
      this.settle(draft.client_key);
    } catch (error) {
      if (error instanceof Unreachable) {
        // What comes after it waits too: the order is kept.
        this.drafts.forEach((one) => { if (one.state === "sending") one.state = "waiting"; });
        this.#changed();
        this.#timer = setTimeout(() => this.#again(), PAUSES[Math.min(this.#pause, PAUSES.length - 1)]);
        this.#pause += 1;
        return false;
      }
      Object.assign(draft, { state: "failed", reason: error.message });
      this.#changed();
      this.refused(error);
    }
    return true;
  }

  #again() {
    this.drafts.forEach((draft) => { if (draft.state === "waiting") draft.state = "sending"; });
    this.#run();
  }

  #find(key) {
    return this.drafts.find((draft) => draft.client_key === key);
  }

  #changed() {
    keep("outgoing", this.chatId, this.drafts.length ? this.drafts : null);
    this.changed();
  }
}
