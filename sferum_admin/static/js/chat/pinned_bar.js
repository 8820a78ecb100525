// The pinned messages over the feed: one line, a tap leads to the message and on to the one pinned before it.
import { say } from "./data.js";
import { hidden, icon, iconButton, make } from "./dom.js";

export class PinnedBar {
  #place = 0;
  #messages = [];
  #sign = "";

  // jump(number); unpin(message)
  constructor(hooks) {
    Object.assign(this, hooks);
    this.element = make(".chat-pinned", { hidden: true });
  }

  show(messages, mayPin) {
    const current = this.#messages[this.#place];
    this.#messages = messages;
    this.#place = Math.max(0, messages.findIndex((message) => message.id === current?.id));
    this.mayPin = mayPin;
    const sign = JSON.stringify([mayPin, messages.map(({ id, event }) => [id, event])]);
    if (sign === this.#sign) return;
    this.#sign = sign;
    this.#draw();
  }

  #draw() {
    const message = this.#messages[this.#place];
    this.element.hidden = !message;
    if (!message) return;
    const count = this.#messages.length;
    const title = count > 1 ? say("pinned_of", { number: this.#place + 1, all: count }) : say("pinned_message");
    const text = make(
      "button.chat-pinned-text", { type: "button", onclick: () => this.#go() },
      make("strong", {}, title), make("span", {}, hidden(`${message.author?.name ?? ""}: `), message.snippet),
    );
    const off = this.mayPin ? iconButton("pinned-off", say("unpin"), { onclick: () => this.unpin(message) }) : null;
    this.element.replaceChildren(icon("pin"), text, ...[off].filter(Boolean));
  }

  #go() {
    const { number } = this.#messages[this.#place];
    const hadFocus = this.element.contains(document.activeElement);
    this.#place = (this.#place + 1) % this.#messages.length;
    this.#draw();
    if (hadFocus) this.element.querySelector("button").focus();
    this.jump(number);
  }
}
