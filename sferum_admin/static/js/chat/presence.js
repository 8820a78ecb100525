// Who is here and who is typing, for the line under the chat's name.
import { say } from "./data.js";
import { brief } from "./names.js";

const TYPING = 5000;

export class Presence {
  #typing = new Map();

  constructor(person, changed) {
    this.person = person;
    this.changed = changed;
    this.online = new Set();
  }

  hear(frame) {
    if (frame.type === "presence") this.online = new Set(frame.online);
    else if (frame.person !== this.person) this.#types(frame);
    this.changed();
  }

  #types({ person, name }) {
    clearTimeout(this.#typing.get(person)?.timer);
    const timer = setTimeout(() => this.quiet(person), TYPING);
    this.#typing.set(person, { name, timer });
  }

  // They stopped, or their message came.
  quiet(person) {
    if (!this.#typing.has(person)) return;
    clearTimeout(this.#typing.get(person).timer);
    this.#typing.delete(person);
    this.changed();
  }

  close() {
    this.#typing.forEach(({ timer }) => clearTimeout(timer));
    this.#typing.clear();
  }

  // «Анна Сергеевна печатает…», or null.
  typingWords() {
    const names = [...this.#typing.values()].map(({ name }) => brief(name));
    if (!names.length) return null;
    if (names.length === 1) return say("one_types", { name: names[0] });
    return names.length === 2 ? say("two_type", { first: names[0], second: names[1] }) : say("several_type", { count: names.length });
  }
}
