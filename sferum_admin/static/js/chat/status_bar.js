// How the connection stands: nothing to say while it works, a quiet word where sockets are blocked, a bar when it is lost.
import { say } from "./data.js";
import { announce, icon, make } from "./dom.js";

// A hiccup of a second is nobody's business.
const PATIENCE = 1500;

export class StatusBar {
  #timers = {};

  // retry(): at once
  constructor(element, { retry }) {
    Object.assign(this, { element, retry });
    this.state = "connecting";
  }

  show({ state, nextAt }) {
    this.nextAt = nextAt ?? this.nextAt;
    if (state === this.state) {
      this.#count();
      return;
    }
    const before = this.state;
    this.state = state;
    clearTimeout(this.#timers.show);
    clearInterval(this.#timers.count);
    if (state === "live" || state === "connecting") this.#hide(before);
    else this.#timers.show = setTimeout(() => this.#draw(), this.element.hidden ? PATIENCE : 0);
  }

  #hide(before) {
    if (!this.element.hidden && before === "lost") announce(say("connection_is_back"));
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  #draw() {
    this.element.className = `chat-status is-${this.state}`;
    if (this.state === "polling") {
      this.element.replaceChildren(icon("refresh", "icon-sm"), make("span", {}, say("updates_by_asking")));
    } else {
      this.words = make("span");
      const now = make("button.chat-link-button", { type: "button", onclick: () => this.retry() }, say("try_now"));
      this.element.replaceChildren(icon("wifi-off"), this.words, now);
      this.#count();
      this.#timers.count = setInterval(() => this.#count(), 1000);
    }
    this.element.hidden = false;
  }

  #count() {
    if (this.state !== "lost" || !this.words) return;
    const seconds = Math.max(0, Math.round(((this.nextAt ?? 0) - Date.now()) / 1000));
    const isOffline = navigator.onLine === false;
    const words = say(isOffline ? "device_is_offline" : "connection_lost");
    this.words.textContent = seconds > 1 && !isOffline ? `${words} ${say("next_try", { seconds })}` : words;
  }
}
