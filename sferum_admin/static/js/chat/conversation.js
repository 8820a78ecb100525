// What the page knows of the open chat: state without a document and without a network (docs/websocket.md).
//
// `known`: everything up to this event is known. The window of messages has no holes: between its first and its last
// message nothing is missing; `hasBefore` and `hasAfter` tell whether there is more on either side.
const READERS = new Set(["staff_only", "moderators_only"]);

// Its time may be over without an event.
export const isClosed = (poll, now = Date.now()) => poll.is_closed || (poll.closes_at !== null && Date.parse(poll.closes_at) <= now);

export class Conversation {
  constructor(person, detail) {
    this.person = person;
    this.id = detail.id;
    this.detail = detail;
    this.me = detail.me;
    this.readNumber = detail.me.read_number;
    this.readByOthers = detail.read_by_others;
    this.known = detail.last_event;
    this.messages = [];
    this.votes = {};
    this.pinned = [];
    this.hasBefore = false;
    this.hasAfter = false;
    this.early = new Map();
  }

  // --- The window ---------------------------------------------------------------------------------------------------
  // Another part of the chat, or its first page. `known` stays: what came between is still asked for.
  show(page) {
    this.messages = [];
    this.votes = {};
    this.hasBefore = page.has_before;
    this.hasAfter = page.has_after;
    this.#take(page);
  }

  addEarlier(page) {
    this.hasBefore = page.has_before;
    this.#take(page);
  }

  addLater(page) {
    this.hasAfter = page.has_after;
    this.#take(page);
  }

  #take(page) {
    Object.assign(this.votes, page.votes);
    page.messages.forEach((message) => this.#put(message));
  }

  get first() {
    return this.messages[0]?.number ?? 0;
  }

  get last() {
    return this.messages.at(-1)?.number ?? 0;
  }

  find(id) {
    return this.messages.find((message) => message.id === id) ?? null;
  }

  // Whoever has read the newer state keeps it: pages and events overtake each other.
  #put(message) {
    if (message.number <= this.detail.kept_after) return false;
    let place = this.messages.length;
    while (place > 0 && this.messages[place - 1].number > message.number) place -= 1;
    const before = this.messages[place - 1];
    if (before?.number !== message.number) {
      this.messages.splice(place, 0, message);
      return true;
    }
    if (before.event > message.event) return false;
    this.messages[place - 1] = message;
    return true;
  }

  #belongsHere(message) {
    if (this.messages.some((known) => known.number === message.number)) return true;
    const isLater = message.number > this.last;
    if (isLater) return !this.hasAfter;
    return message.number > this.first || !this.hasBefore;
  }

  #apply(message) {
    this.#followPin(message);
    this.#followAnswers(message);
    // Who writes has read what stood before.
    if (this.isOwn(message)) this.read(message.number);
    else if (message.author) this.seen(message.author.id, message.number);
    if (message.deleted_at) delete this.votes[message.id];
    return this.#belongsHere(message) && this.#put(message);
  }

  #followPin(message) {
    const known = this.pinned.find((pinned) => pinned.id === message.id);
    if (known && known.event > message.event) return;
    const others = this.pinned.filter((pinned) => pinned.id !== message.id);
    if (!message.is_pinned) this.pinned = others;
    else if (known) this.pinned = this.pinned.map((pinned) => (pinned === known ? message : pinned));
    else this.pinned = [message, ...others];
  }

  // The pinned messages as the server lists them; what events told meanwhile stays.
  pins(messages) {
    this.pinned = messages;
    this.messages.forEach((message) => this.#followPin(message));
  }

  // What is deleted must not live on in the answers to it.
  #followAnswers(message) {
    if (message.event === message.number) return;
    this.messages = this.messages.map((answer) => (answer.reply_to?.id === message.id
      ? { ...answer, reply_to: { ...answer.reply_to, snippet: message.snippet } }
      : answer));
  }

  // --- Events -------------------------------------------------------------------------------------------------------
  // "applied", "old" (a repetition), or "gap": something is missing, `changes` must be asked.
  receive(frame) {
    if (frame.event <= this.known) return "old";
    if (frame.event > this.known + 1) {
      this.early.set(frame.event, frame);
      return "gap";
    }
    this.#step(frame);
    this.#catchUp();
    return "applied";
  }

  #step(frame) {
    this.known = frame.event;
    if (frame.type === "message") this.#apply(frame.message);
    else this.becomes(frame.state);
  }

  #catchUp() {
    for (const event of [...this.early.keys()].sort((a, b) => a - b)) {
      if (event === this.known + 1) this.#step(this.early.get(event));
      if (event <= this.known) this.early.delete(event);
    }
  }

  // The chat itself: its name, its rules, what was removed by age.
  becomes(state) {
    // A personal chat is called by the other one's name, which only my own reading of it knows.
    const title = this.detail.template === "personal" ? this.detail.title : state.title ?? this.detail.title;
    this.detail = { ...this.detail, ...state, title };
    const isKept = ({ number }) => number > this.detail.kept_after;
    this.messages = this.messages.filter(isKept).map((message) =>
      (message.reply_to && !isKept(message.reply_to) ? { ...message, reply_to: null } : message));
    this.pinned = this.pinned.filter(isKept);
  }

  // The answer of `changes`; true while there is more to ask for.
  heal(changes) {
    if (changes.chat) this.becomes(changes.chat);
    this.becomes({ kept_after: changes.kept_after });
    for (const message of changes.messages) {
      if ((this.find(message.id)?.event ?? 0) > message.event) continue;
      delete this.votes[message.id];
      this.#apply(message);
    }
    for (const [id, options] of Object.entries(changes.votes)) {
      if (!this.find(Number(id))?.deleted_at) this.votes[id] = options;
    }
    this.readByOthers = Math.max(this.readByOthers, changes.read_by_others ?? 0);
    this.known = Math.max(this.known, changes.last_event);
    this.#catchUp();
    return changes.has_more;
  }

  // What the server answered to our own write: shown at once, its event may come before or after.
  accept(message) {
    if (message.event === this.known + 1) {
      this.receive({ type: "message", event: message.event, message });
    } else {
      this.#apply(message);
    }
  }

  voted(messageId, options) {
    if (options.length || this.#isAnonymous(messageId)) this.votes[messageId] = options;
    else delete this.votes[messageId];
  }

  #isAnonymous(messageId) {
    return Boolean(this.find(messageId)?.poll?.is_anonymous);
  }

  seen(person, number) {
    if (person === this.person) return;
    this.readByOthers = Math.max(this.readByOthers, number);
  }

  read(number) {
    this.readNumber = Math.max(this.readNumber, number);
  }

  // --- Questions ----------------------------------------------------------------------------------------------------
  isOwn(message) {
    return message.author?.id === this.person;
  }

  // What I may do with a message: the same rules as chats/permissions.py, which has the last word.
  rights(message, now = Date.now()) {
    const { me } = this;
    const stands = message.kind === "text" && !message.deleted_at;
    const isOwn = this.isOwn(message);
    const isFresh = isOwn && now < Date.parse(message.created_at) + me.edit_minutes * 60_000;
    return {
      reply: stands && me.may_write,
      edit: stands && isFresh && !message.poll && me.may_write,
      delete: stands && me.is_member && isFresh,
      remove: stands && me.may_moderate && !(isOwn && isFresh),
      pin: stands && me.may_pin,
      copy: stands && Boolean(message.text),
      link: true,
      report: stands && me.is_member && !isOwn,
      readers: stands && isOwn && this.detail.shows_readers,
      // Whoever may only read may vote all the same.
      vote: stands && me.is_member && (!me.obstacle || READERS.has(me.obstacle.code)),
      closePoll: stands && Boolean(message.poll) && !isClosed(message.poll, now) && (isOwn || me.may_moderate),
    };
  }
}
