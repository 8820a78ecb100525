// The box one writes in: drafts that survive, answers, editing, files, mentions, polls, urgency. Nothing typed is lost.
import { patch } from "./api.js";
import { data, say } from "./data.js";
import { hidden, icon, iconButton, isTouch, make } from "./dom.js";
import { keep, kept } from "./keeping.js";
import { MentionPicker } from "./mention_picker.js";
import { fromWire, putMention, toWire } from "./mentions_text.js";
import { newKey } from "./outgoing.js";
import { askPoll } from "./polls.js";
import { openMenu } from "./popup_menu.js";
import { Uploads } from "./uploads.js";

const SAVE = 300;
const TYPING = 3000;
const COUNT_FROM = 3600;

// Files go on being uploaded while another chat is open.
const trays = new Map();
export const hasUploads = () => [...trays.values()].some((tray) => tray.count > 0);

const EMPTY = { text: "", people: {}, replyTo: null };

export class Composer {
  #saving = null;
  #typedAt = 0;
  #stash = null;
  #editing = null;
  #isUrgent = false;
  #sendsLater = false;

  // send(draft), sendPoll(body), edited(message), typing(), editLast(), jump(number), changed(): the draft is another
  constructor(chat, hooks) {
    this.chat = chat;
    Object.assign(this, hooks);
    this.#build();
    this.#take(kept("draft", chat.id) ?? EMPTY);
    this.rights();
  }

  // --- The elements -------------------------------------------------------------------------------------------------
  #build() {
    this.box = make("textarea.chat-box", {
      rows: "1", "aria-label": say("message"), placeholder: say("write_message"), enterkeyhint: isTouch() ? "enter" : "send", autocomplete: "off",
    });
    this.uploads = trays.get(this.chat.id) ?? new Uploads();
    trays.set(this.chat.id, this.uploads);
    this.uploads.changed = () => this.#uploadsChanged();
    this.uploads.emptied = () => this.box.focus();
    this.picker = new MentionPicker(this.chat.id, this.box, {
      mayCallAll: () => this.chat.me.may_mention_all,
      chosen: (begun, option) => this.#mention(begun, option),
    });
    this.input = make("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
    this.attach = iconButton("paperclip", say("attach"), { "aria-haspopup": "menu", onclick: () => this.#attachMenu() });
    this.button = iconButton("send", say("send"), { type: "submit" }, "chat-send");
    this.context = make(".chat-context", { hidden: true });
    this.urgent = make(".chat-context.is-urgent", { hidden: true });
    this.counter = make("span.chat-counter", { "aria-live": "polite" });
    this.note = make("p.chat-composer-note", { role: "status", hidden: true });
    this.form = make(
      "form.chat-composer-form", { novalidate: true },
      this.picker.element, this.context, this.urgent, this.uploads.element, this.note,
      make(".chat-composer-row", {}, this.attach, this.box, this.counter, this.button, this.input),
    );
    this.obstacle = make(".chat-obstacle", { hidden: true });
    this.element = make("footer.chat-composer", {}, this.form, this.obstacle);
    this.#listen();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.#submit();
    });
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("click", () => this.picker.look());
    this.box.addEventListener("blur", () => this.picker.close());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.addFiles(files);
    });
    this.input.addEventListener("change", () => {
      this.addFiles([...this.input.files]);
      this.input.value = "";
    });
    window.addEventListener("pagehide", this.#save);
  }

  close() {
    this.#save();
    clearTimeout(this.#saving);
    window.removeEventListener("pagehide", this.#save);
    this.picker.close();
    this.uploads.changed = () => {};
  }

  // --- What is in it ------------------------------------------------------------------------------------------------
  #take({ text, people, replyTo }) {
    this.people = { ...people };
    this.box.value = text;
    this.#answer(replyTo);
    this.#grow();
    this.#count();
  }

  #save = () => {
    if (this.#editing) return;
    const { value: text } = this.box;
    const isEmpty = !text.trim() && !this.replyTo;
    keep("draft", this.chat.id, isEmpty ? null : { text, people: this.people, replyTo: this.replyTo });
    this.changed();
  };

  focus() {
    if (!this.form.hidden) this.box.focus({ preventScroll: true });
  }

  get isEmpty() {
    return !this.box.value.trim() && !this.uploads.count;
  }

  #typed() {
    this.#sendsLater = false;
    this.#say("");
    this.#grow();
    this.#count();
    this.picker.look();
    clearTimeout(this.#saving);
    this.#saving = setTimeout(this.#save, SAVE);
    if (this.box.value.trim() && !this.#editing && Date.now() - this.#typedAt > TYPING) {
      this.#typedAt = Date.now();
      this.typing();
    }
  }

  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  get #wire() {
    return toWire(this.box.value, this.people, say("everybody_word")).trim();
  }

  #count() {
    const length = [...this.#wire].length;
    const left = data.limits.text - length;
    this.counter.textContent = length > COUNT_FROM ? String(left) : "";
    this.counter.classList.toggle("is-over", left < 0);
    this.button.classList.toggle("is-idle", this.isEmpty);
    return left;
  }

  #say(text, tone = "") {
    this.note.textContent = text;
    this.note.hidden = !text;
    this.note.className = `chat-composer-note${tone ? ` is-${tone}` : ""}`;
  }

  // --- Keys ---------------------------------------------------------------------------------------------------------
  #key(event) {
    if (event.isComposing || this.picker.key(event)) return;
    const sends = event.key === "Enter" && !event.shiftKey && !event.altKey && (!isTouch() || event.ctrlKey || event.metaKey);
    if (sends) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && (this.#editing || this.replyTo)) {
      event.preventDefault();
      event.stopPropagation();
      if (this.#editing) this.#endEditing();
      else this.answer(null);
    } else if (event.key === "ArrowUp" && this.isEmpty && !this.#editing) {
      if (this.editLast()) event.preventDefault();
    }
  }

  #mention(begun, { id, label, name }) {
    // Two people of one name: the second is called by the whole name.
    const isTaken = id !== null && this.people[label] !== undefined && this.people[label] !== id;
    const word = isTaken ? name : label;
    if (id !== null) this.people[word] = id;
    const { text, cursor } = putMention(this.box.value, begun, this.box.selectionStart, word);
    this.box.value = text;
    this.box.setSelectionRange(cursor, cursor);
    this.#typed();
    this.picker.close();
    this.box.focus();
  }

  // --- Answering, editing -------------------------------------------------------------------------------------------
  // message: { id, number, author, snippet }, or null
  answer(message) {
    if (this.#editing) this.#endEditing();
    this.#answer(message);
    this.#save();
    this.focus();
  }

  #answer(message) {
    this.replyTo = message;
    this.#context("arrow-back-up", message && say("answer_to", { author: message.author?.name ?? say("nobody") }), message, () => this.answer(null));
  }

  #context(name, title, message, close) {
    this.context.hidden = !message;
    if (!message) return;
    const go = make("button.chat-context-text", { type: "button", onclick: () => this.jump(message.number) }, make("strong", {}, title), make("span", {}, message.snippet));
    this.context.replaceChildren(icon(name), go, iconButton("x", say("cancel"), { onclick: close }));
  }

  edit(message) {
    if (!this.#editing) {
      this.#save();
      this.#stash = { text: this.box.value, people: this.people, replyTo: this.replyTo };
    }
    this.#editing = message;
    this.uploads.element.hidden = true;
    const { text, people } = fromWire(message.text, message.html, say("everybody_word"));
    this.#take({ text, people, replyTo: null });
    this.#context("pencil", say("editing"), message, () => this.#endEditing());
    this.button.setAttribute("aria-label", say("save"));
    this.button.title = say("save");
    this.button.replaceChildren(icon("check"));
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
  }

  #endEditing() {
    this.#editing = null;
    this.#say("");
    this.#take(this.#stash ?? EMPTY);
    this.#stash = null;
    this.uploads.element.hidden = !this.uploads.count;
    this.button.setAttribute("aria-label", say("send"));
    this.button.title = say("send");
    this.button.replaceChildren(icon("send"));
    this.focus();
  }

  // An unsent message comes back into the box.
  takeBack(draft) {
    if (this.#editing) this.#endEditing();
    const typed = this.box.value.trim();
    this.#take({
      text: typed ? `${draft.shown}\n${typed}` : draft.shown,
      people: { ...this.people, ...draft.people },
      replyTo: draft.reply_to ?? this.replyTo,
    });
    this.uploads.restore(draft.files);
    this.#urgency(draft.is_urgent);
    this.#save();
    this.focus();
  }

  // --- Files, polls, urgency ----------------------------------------------------------------------------------------
  addFiles(files) {
    if (this.#editing || this.form.hidden || !files.length) return;
    this.uploads.add(files);
    this.focus();
  }

  #uploadsChanged() {
    this.#count();
    if (this.#sendsLater && !this.uploads.isUploading) {
      this.#sendsLater = false;
      if (this.uploads.hasFailed) this.#say(say("some_files_failed"), "bad");
      else this.#submit();
    }
  }

  #attachMenu() {
    const box = this.attach.getBoundingClientRect();
    const items = [
      { label: say("attach_files"), icon: "paperclip", act: () => this.input.click() },
      { label: say("make_poll"), icon: "chart-bar-popular", act: () => this.#askPoll() },
    ];
    if (this.chat.me.may_send_urgent) {
      items.push({ label: say(this.#isUrgent ? "not_urgent" : "mark_urgent"), icon: "urgent", act: () => { this.#urgency(!this.#isUrgent); this.focus(); } });
    }
    openMenu({ label: say("attach"), items, at: { x: box.left, y: box.top - 4 - items.length * 48, top: box.top - 4 }, back: this.attach });
  }

  #urgency(isUrgent) {
    this.#isUrgent = isUrgent && this.chat.me.may_send_urgent;
    this.urgent.hidden = !this.#isUrgent;
    if (!this.#isUrgent) return;
    const off = () => { this.#urgency(false); this.focus(); };
    this.urgent.replaceChildren(
      icon("urgent"), make(".chat-context-text", {}, make("strong", {}, say("urgent")), make("span", {}, say("urgent_hint"))),
      iconButton("x", say("not_urgent"), { onclick: off }),
    );
  }

  // --- Away with it -------------------------------------------------------------------------------------------------
  async #submit() {
    if (this.#count() < 0) {
      this.#say(say("text_too_long", { most: data.limits.text }), "bad");
      return;
    }
    if (this.#editing) {
      await this.#saveEdited();
      return;
    }
    if (this.isEmpty) return;
    if (this.uploads.hasFailed) {
      this.#say(say("some_files_failed"), "bad");
      return;
    }
    if (this.uploads.isUploading) {
      this.#sendsLater = true;
      this.#say(say("sends_when_uploaded"));
      return;
    }
    this.send({
      text: this.#wire, shown: this.box.value.trim(), people: this.people, replyTo: this.replyTo,
      files: this.uploads.take(), isUrgent: this.#isUrgent,
    });
    this.#take(EMPTY);
    this.#urgency(false);
    this.#say("");
    this.picker.close();
    this.#save();
    this.#typedAt = 0;
  }

  async #saveEdited() {
    const message = this.#editing;
    const text = this.#wire;
    if (text === message.text) {
      this.#endEditing();
      return;
    }
    this.button.disabled = true;
    try {
      const changed = await patch(`chats/${this.chat.id}/messages/${message.id}/`, { text });
      if (this.#editing === message) this.#endEditing();
      this.edited(changed);
    } catch (error) {
      this.#say(error.name === "Refusal" ? error.message : say("not_saved_try_again"), "bad");
    } finally {
      this.button.disabled = false;
    }
  }

  // What is wrong with a poll is said in its own dialog, so it does not wait in the queue; the key keeps it single.
  #askPoll() {
    const key = newKey();
    askPoll(async (poll) => {
      await this.sendPoll({ text: "", poll, reply_to: this.replyTo?.id ?? null, is_urgent: this.#isUrgent, client_key: key });
      this.#answer(null);
      this.#urgency(false);
      this.#save();
    });
  }

  // The message that is being edited was deleted meanwhile.
  forget(messageId) {
    if (this.#editing?.id === messageId) this.#endEditing();
    if (this.replyTo?.id === messageId) this.answer(null);
  }

  // --- May one write here? ------------------------------------------------------------------------------------------
  rights() {
    const { me } = this.chat;
    const hadFocus = this.element.contains(document.activeElement);
    this.form.hidden = !me.may_write;
    this.obstacle.hidden = me.may_write;
    if (!me.may_write) {
      this.obstacle.replaceChildren(icon("lock"), make("span", {}, hidden(`${say("cannot_write")}. `), me.obstacle?.text ?? say("cannot_write")));
      this.picker.close();
    } else if (hadFocus) {
      this.focus();
    }
    if (this.#isUrgent) this.#urgency(true);
  }
}
