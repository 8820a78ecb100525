// Who is meant by «@Ан…»: names of the chat's people while one types, chosen by arrows and Enter or by a tap.
import { get } from "./api.js";
import { say } from "./data.js";
import { avatar, icon, make } from "./dom.js";
import { beginsMention } from "./mentions_text.js";

const PAUSE = 150;
// As many as stand over a phone's keyboard without scrolling.
const MOST = 5;

export class MentionPicker {
  #timer = null;
  #asked = 0;
  #options = [];
  #here = 0;
  #begun = null;

  // mayCallAll(): may @all be offered; chosen(begun, { label, id }): id null is everybody
  constructor(chatId, box, { mayCallAll, chosen }) {
    Object.assign(this, { chatId, box, mayCallAll, chosen });
    this.known = new Map();
    this.element = make("ul.chat-mentions", { id: `mentions-${chatId}`, role: "listbox", "aria-label": say("people_to_mention"), hidden: true });
    // A press would take the focus from the box, and with it the phone's keyboard.
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.element.id);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  // After each keystroke.
  look() {
    this.#begun = beginsMention(this.box.value, this.box.selectionStart);
    clearTimeout(this.#timer);
    if (!this.#begun) this.close();
    else this.#timer = setTimeout(() => this.#find(this.#begun.typed), this.known.has(this.#begun.typed) ? 0 : PAUSE);
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.element.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }

  // True when the key was for the list.
  key(event) {
    if (!this.isOpen) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.#move((this.#here + steps[event.key] + this.#options.length) % this.#options.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#here);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  async #find(typed) {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      if (!this.known.has(typed)) this.known.set(typed, (await get(`chats/${this.chatId}/members/`, { q: typed, limit: MOST })).results);
    } catch {
      return; // no names now: what is typed stays a text
    }
    if (mine !== this.#asked) return;
    const all = { id: null, label: say("everybody_word"), name: say("everybody_in_chat"), labels: [] };
    const callsAll = this.mayCallAll() && all.label.startsWith(typed.toLowerCase());
    this.#options = [...(callsAll ? [all] : []), ...this.known.get(typed).map((person) => ({ ...person, label: this.#labelOf(person.name) }))];
    this.#draw();
  }

  // «Фамилия Имя Отчество» is mentioned as «Имя Фамилия», as the server writes it.
  #labelOf(name) {
    const [last, first] = name.split(" ");
    return first ? `${first} ${last}` : last;
  }

  #draw() {
    this.element.replaceChildren(...this.#options.map((option, place) => make(
      "li", { role: "option", id: `${this.element.id}-${place}`, onclick: () => this.#choose(place) },
      option.id === null ? make("span.avatar.avatar-sm", { "aria-hidden": "true" }, icon("users", "icon-sm")) : avatar(option.name, "avatar-sm"),
      make("span.chat-mentions-text", {}, option.name, option.labels.length ? make("small", {}, option.labels[0]) : null),
    )));
    this.element.hidden = !this.#options.length;
    if (this.#options.length) this.#move(0);
  }

  #move(place) {
    this.#here = place;
    [...this.element.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const option = this.element.children[place];
    option.scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", option.id);
  }

  #choose(place) {
    const option = this.#options[place];
    const begun = this.#begun;
    this.close();
    this.chosen(begun, option);
  }
}
