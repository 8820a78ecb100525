// The scrolling part: draws rows anew only where something changed, keeps the place, tells what is in view.
import { make, wantsCalm } from "./dom.js";

const NEAR = 700;
const AT_END = 80;

export class Feed {
  #drawn = new Map();
  #rows = [];
  #isStuck = true;
  #frame = null;
  #heights = { all: 0, seen: 0 };

  // draw(row) → element; top(), bottom(): more is wanted; seen(number): read up to; moved({ isAtEnd })
  constructor(hooks, label) {
    Object.assign(this, hooks);
    this.list = make(".chat-rows");
    this.start = make(".chat-start");
    this.inner = make(".chat-feed-inner", {}, this.start, this.list);
    this.element = make(".chat-feed", { role: "log", "aria-live": "off", "aria-label": label, tabindex: "-1" }, this.inner);
    this.element.addEventListener("scroll", () => this.#heardScroll(), { passive: true });
    // The keyboard of a phone, a growing box to write in, a picture without a size: whoever was at the end stays there.
    this.observer = new ResizeObserver(() => { if (this.#isStuck) this.toEnd(); else this.#look(); });
    this.observer.observe(this.element);
    this.observer.observe(this.inner);
    document.addEventListener("visibilitychange", this.#look);
  }

  close() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
  }

  get isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < AT_END;
  }

  // --- Drawing ------------------------------------------------------------------------------------------------------
  // stick: stay at the end when it was in view (not while later messages are left out).
  update(rows, { stick = true } = {}) {
    const staysAtEnd = stick && this.#isStuck;
    const anchor = staysAtEnd ? null : this.#anchor();
    this.#rows = rows;
    this.#reconcile(rows);
    if (staysAtEnd) this.toEnd();
    else this.#restore(anchor);
    this.#rove();
    this.#scrolled();
  }

  #reconcile(rows) {
    const wanted = new Set(rows.map((row) => row.key));
    for (const [key, { element }] of this.#drawn) {
      if (!wanted.has(key)) {
        element.remove();
        this.#drawn.delete(key);
      }
    }
    let before = null;
    for (const row of rows) {
      const element = this.#elementOf(row);
      const place = before ? before.nextSibling : this.list.firstChild;
      if (element !== place) this.list.insertBefore(element, place);
      before = element;
    }
  }

  #elementOf(row) {
    const known = this.#drawn.get(row.key);
    if (known?.sign === row.sign) return known.element;
    const element = this.draw(row);
    if (known) {
      const focus = known.element.contains(document.activeElement) ? document.activeElement : null;
      known.element.replaceWith(element);
      if (focus) this.#refocus(element, focus.dataset.keep);
    }
    this.#drawn.set(row.key, { sign: row.sign, element });
    return element;
  }

  #refocus(element, keep) {
    const target = (keep && element.querySelector(`[data-keep="${keep}"]`)) || element;
    target.focus({ preventScroll: true });
  }

  // Draw one row anew though its message has not changed (a choice in a poll).
  redraw(key) {
    const known = this.#drawn.get(key);
    if (known) known.sign = null;
    this.update(this.#rows);
  }

  // --- The place ----------------------------------------------------------------------------------------------------
  #anchor() {
    const top = this.element.getBoundingClientRect().top;
    for (const row of this.#rows) {
      const element = row.kind === "message" ? this.#drawn.get(row.key)?.element : null;
      const box = element?.getBoundingClientRect();
      if (box && box.bottom > top) return { key: row.key, offset: box.top - top };
    }
    return null;
  }

  #restore(anchor) {
    const element = anchor && this.#drawn.get(anchor.key)?.element;
    if (!element) return;
    const offset = element.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    this.element.scrollTop += offset - anchor.offset;
  }

  toEnd({ smooth = false } = {}) {
    this.#isStuck = true;
    const behavior = smooth && !wantsCalm() ? "smooth" : "instant";
    this.element.scrollTo({ top: this.element.scrollHeight, behavior });
  }

  // Bring the message `number` (or the next one after it) into view; returns its element.
  reveal(number, { block = "center", flash = true } = {}) {
    const row = this.#rows.find((one) => one.kind === "message" && one.message.number >= number)
      ?? this.#rows.findLast((one) => one.kind === "message");
    const element = row && this.#drawn.get(row.key)?.element;
    if (!element) return null;
    this.#isStuck = false;
    element.scrollIntoView({ block, behavior: "instant" });
    if (flash) {
      element.classList.add("is-found");
      setTimeout(() => element.classList.remove("is-found"), 2500);
    }
    this.#scrolled();
    return element;
  }

  revealLine() {
    const element = this.#drawn.get("line")?.element;
    if (!element) return false;
    this.#isStuck = false;
    element.scrollIntoView({ block: "start", behavior: "instant" });
    this.element.scrollTop -= 72;
    this.#scrolled();
    return true;
  }

  // Another part of the chat is shown: nothing of the old place holds.
  forgetPlace() {
    this.#isStuck = true;
  }

  // A scroll that comes of another height (a panel opens, the window is turned) is nobody's wish to leave the end.
  #heardScroll() {
    const { scrollHeight, clientHeight } = this.element;
    if (this.#isStuck && (scrollHeight !== this.#heights.all || clientHeight !== this.#heights.seen)) this.toEnd();
    this.#scrolled();
  }

  #scrolled() {
    this.#isStuck = this.isAtEnd;
    this.#heights = { all: this.element.scrollHeight, seen: this.element.clientHeight };
    this.moved({ isAtEnd: this.#isStuck });
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    if (scrollTop < NEAR) this.top();
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.bottom();
    this.#look();
  }

  // --- What is in view ----------------------------------------------------------------------------------------------
  #look = () => {
    if (this.#frame) return;
    this.#frame = setTimeout(() => {
      this.#frame = null;
      const number = this.#lastSeen();
      if (number && document.visibilityState === "visible") this.seen(number);
    }, 250);
  };

  #lastSeen() {
    const { bottom, height } = this.element.getBoundingClientRect();
    if (!height) return 0;
    const messages = this.#rows.filter((row) => row.kind === "message");
    let low = 0;
    let high = messages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const box = this.#drawn.get(messages[middle].key).element.getBoundingClientRect();
      // One that is taller than the window counts once its end came up to the middle.
      const isSeen = box.bottom <= bottom + 4 || (box.height > height && box.top < bottom - height / 2);
      if (isSeen) low = middle + 1;
      else high = middle;
    }
    return messages[low - 1]?.message.number ?? 0;
  }

  // --- The keyboard: one message at a time can be reached by Tab, arrows go on from there ---------------------------
  articles() {
    return [...this.list.querySelectorAll("article[data-id]")];
  }

  #rove(chosen = this.list.querySelector('article[tabindex="0"]')) {
    const target = chosen?.isConnected ? chosen : this.articles().at(-1);
    this.list.querySelectorAll('article[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    if (target) target.tabIndex = 0;
  }

  focusOn(element) {
    if (!element) return;
    this.#rove(element);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
}
