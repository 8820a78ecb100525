// One socket for the whole page; it comes back by itself (docs/websocket.md).
const STEPS = [1000, 2000, 4000, 8000, 16_000, 30_000];
const PING = 25_000;
const SILENCE = 10_000;
const HANDSHAKE = 10_000;

export class Socket {
  #socket = null;
  #failures = 0;
  #timers = {};
  #isClosed = false;

  // heard(frame), changed({ isOpen, failures, nextAt }), gone(code): closed for good
  constructor(path, { heard, changed, gone }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
    Object.assign(this, { heard, changed, gone });
    this.#open();
    window.addEventListener("online", () => this.retry());
    window.addEventListener("offline", () => this.#lost());
    // A laptop that slept holds a socket which nobody listens to any more.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.check();
    });
    window.addEventListener("pagehide", () => this.#drop());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.retry(); });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN && this.isWelcome;
  }

  send(frame) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  // At once, without waiting for the next try.
  retry() {
    if (this.#isClosed || this.isOpen) return;
    this.#drop();
    this.#open();
  }

  // Is anybody there? Silence means no.
  check() {
    if (!this.send({ type: "ping" })) this.retry();
    else this.#after("silence", SILENCE, () => this.#lost());
  }

  #open() {
    clearTimeout(this.#timers.next);
    this.isWelcome = false;
    let socket;
    try {
      socket = new WebSocket(this.url);
    } catch {
      this.#lost();
      return;
    }
    this.#socket = socket;
    const ours = (then) => (event) => { if (this.#socket === socket) then(event); };
    socket.addEventListener("message", ours((event) => this.#hear(JSON.parse(event.data))));
    socket.addEventListener("close", ours((event) => this.#end(event.code)));
    this.#after("silence", HANDSHAKE, () => this.#lost());
  }

  #hear(frame) {
    clearTimeout(this.#timers.silence);
    if (frame.type === "welcome") {
      this.isWelcome = true;
      this.#failures = 0;
      this.#every("ping", PING, () => this.check());
      this.changed({ isOpen: true, failures: 0, nextAt: null });
    }
    this.heard(frame);
  }

  #end(code) {
    if (code === 4401 || code === 4404) {
      this.#isClosed = true;
      this.#drop();
      this.gone(code);
    } else {
      this.#lost();
    }
  }

  #lost() {
    if (this.#isClosed) return;
    this.#drop();
    const step = STEPS[Math.min(this.#failures, STEPS.length - 1)];
    const wait = step * (0.7 + 0.6 * Math.random());
    this.#failures += 1;
    this.changed({ isOpen: false, failures: this.#failures, nextAt: Date.now() + wait });
    this.#after("next", wait, () => this.#open());
  }

  #drop() {
    Object.values(this.#timers).forEach((timer) => { clearTimeout(timer); clearInterval(timer); });
    this.#timers = {};
    this.isWelcome = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket && socket.readyState <= WebSocket.OPEN) socket.close();
  }

  #after(name, wait, then) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(then, wait);
  }

  #every(name, wait, then) {
    clearInterval(this.#timers[name]);
    this.#timers[name] = setInterval(then, wait);
  }
}
