// What the page knows of the list of chats: state without a document and without a network.
// Whether a person is named in the message; `@all` names nobody in particular.
export const isMentioned = (message, person) => message.html.includes(`data-person="${person}"`);

export class ChatList {
  constructor(person, chats) {
    this.person = person;
    this.replace(chats);
  }

  // As read afresh. What came meanwhile through the socket and is newer stays.
  replace(chats) {
    const before = this.chats ?? new Map();
    this.chats = new Map(chats.map((chat) => {
      const known = before.get(chat.id);
      return [chat.id, known && known.last_event > chat.last_event ? known : { ...chat }];
    }));
    this.order = chats.map((chat) => chat.id);
  }

  get(id) {
    return this.chats.get(id) ?? null;
  }

  // "applied", "old", or "stale": the list must be read again.
  receive(frame) {
    const chat = this.get(frame.chat);
    if (!chat) return "stale";
    if (frame.event <= chat.last_event) return "old";
    const isNext = frame.event === chat.last_event + 1;
    chat.last_event = frame.event;
    const isExact = frame.type === "chat" ? this.#becomes(chat, frame.state) : this.#hear(chat, frame.message);
    return isNext && isExact ? "applied" : "stale";
  }

  // What was removed by age is unread by nobody: the server counts anew. What goes into the archive leaves the list.
  #becomes(chat, state) {
    const isSame = state.kept_after === chat.kept_after && state.is_archived === chat.is_archived;
    Object.assign(chat, state, { title: (chat.template === "personal" ? null : state.title) ?? chat.title });
    return isSame;
  }

  #hear(chat, message) {
    const isNew = message.number === message.event;
    const isOwn = message.author?.id === this.person;
    if (isNew || message.number === chat.last_message?.number) {
      chat.last_message = {
        number: message.number,
        kind: message.kind,
        author: message.author,
        snippet: message.snippet,
        created_at: message.created_at,
      };
    }
    // The chat the newest word came to stands on top, as the server orders them.
    if (isNew) this.order = [chat.id, ...this.order.filter((id) => id !== chat.id)];
    if (isNew && isOwn) this.#allRead(chat, message.number);
    else if (isNew) {
      chat.unread += 1;
      if (isMentioned(message, this.person)) chat.mentioned += 1;
    }
    // A change may add or take a mention; those unread are counted by the server.
    return isNew || (chat.mentioned === 0 && !isMentioned(message, this.person));
  }

  #allRead(chat, number) {
    chat.read_number = Math.max(chat.read_number, number);
    chat.unread = 0;
    chat.mentioned = 0;
  }

  // A mark of mine moved, here or on another page.
  read(id, number, unread) {
    const chat = this.get(id);
    if (!chat || number < chat.read_number) return;
    chat.read_number = number;
    chat.unread = unread;
    if (unread === 0) chat.mentioned = 0;
  }

  notify(id, notify) {
    const chat = this.get(id);
    if (chat) chat.notify = notify;
  }

  ordered() {
    return [...this.order].map((id) => this.chats.get(id)).filter(Boolean);
  }

  // How many messages wait for me: a chat that was silenced counts with its mentions only.
  waiting() {
    return [...this.chats.values()].reduce((sum, chat) => sum + (chat.notify === "all" ? chat.unread : chat.mentioned), 0);
  }

  // Chats whose numbers differ from what the server told.
  behind(told) {
    return told.filter(({ id, last_event: event }) => (this.get(id)?.last_event ?? -1) < event);
  }
}
