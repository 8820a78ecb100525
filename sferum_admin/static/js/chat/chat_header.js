// The head of the conversation: whose chat this is, who is here or typing, and what can be done with the chat.
import { put } from "./api.js";
import { data, say } from "./data.js";
import { askForm, toastRefusal } from "./dialogs.js";
import { avatar, icon, iconButton, isNarrow, make } from "./dom.js";
import { openMenu, under } from "./popup_menu.js";

export const chatFace = (chat, cls = "") => {
  if (chat.template === "personal") return avatar(chat.title, cls);
  const name = { general: "building-community", unit_staff: "briefcase", deputies: "briefcase", all_staff: "briefcase" }[chat.template] ?? "users";
  const face = avatar(chat.title, cls);
  face.replaceChildren(icon(name));
  return face;
};

const askDate = (go) => {
  const input = make("input.form-control", { type: "date", id: "chat-date", required: true });
  askForm({
    title: say("jump_to_date"),
    fields: [make(".field", {}, make("label.field-label", { for: input.id }, say("day")), input)],
    action: say("show"),
    send: () => go(input.value),
  });
  input.focus();
};

const NOTIFY = [["all", "notify_all"], ["mentions", "notify_mentions"], ["none", "notify_none"]];

export class ChatHeader {
  // back(), search(), materials(), date(day), notify(choice)
  constructor(chat, hooks) {
    this.chat = chat;
    Object.assign(this, hooks);
    this.title = make("h2.chat-top-title", { tabindex: "-1" });
    this.line = make("p.chat-top-line");
    this.face = make(".chat-top-face");
    const back = iconButton("arrow-left", say("back_to_list"), { onclick: () => this.back() }, "chat-back");
    const words = [this.title, this.line];
    this.about = make("a.chat-top-about", { href: `${data.addresses.list}${chat.id}/info/` }, words);
    this.menu = iconButton("dots-vertical", say("chat_actions"), { "aria-haspopup": "menu", onclick: () => this.#menu() });
    this.materialsButton = iconButton("folder", say("materials"), { onclick: () => this.materials(), "aria-expanded": "false" });
    this.materialsButton.append(make("span.chat-wide", {}, say("materials")));
    this.searchButton = iconButton("search", say("search_in_chat"), { onclick: () => this.search(), "aria-expanded": "false" }, "chat-top-search");
    this.element = make(
      "header.chat-top", {}, back, this.face, this.about,
      make(".chat-top-tools", {}, this.searchButton, this.materialsButton, this.menu),
    );
  }

  show({ presence }) {
    const { detail } = this.chat;
    if (this.title.textContent !== detail.title) {
      this.title.textContent = detail.title;
      this.face.replaceChildren(chatFace(detail));
    }
    const typing = presence.typingWords();
    this.line.classList.toggle("is-typing", Boolean(typing));
    const words = typing ?? this.#words(presence);
    if (this.line.textContent !== words) this.line.textContent = words;
    this.face.classList.toggle("is-online", detail.template === "personal" && this.#othersOnline(presence) > 0);
  }

  #othersOnline({ online }) {
    return [...online].filter((id) => id !== data.person.id).length;
  }

  #words(presence) {
    const { detail, me } = this.chat;
    if (!me.is_member) return say("you_look_into");
    const online = this.#othersOnline(presence);
    if (detail.template === "personal") return online ? say("is_online") : say("personal_messages");
    const members = say("members_count", { count: detail.member_count });
    return online ? say("members_and_online", { members, online: say("online_count", { count: online }) }) : members;
  }

  opened(name) {
    this.searchButton.setAttribute("aria-expanded", String(name === "search"));
    this.materialsButton.setAttribute("aria-expanded", String(name === "materials"));
  }

  #menu() {
    const { me } = this.chat;
    const items = [{ label: say("jump_to_date"), icon: "calendar-search", act: () => askDate(this.date) }];
    if (isNarrow()) items.unshift({ label: say("search_in_chat"), icon: "search", act: () => this.search() });
    if (me.is_member) items.push({ label: say("notifications"), icon: me.notify === "none" ? "bell-off" : "bell", act: () => this.#notifyMenu() });
    items.push({ label: say("about_chat"), icon: "info-circle", act: () => location.assign(this.about.href) });
    openMenu({ label: say("chat_actions"), items, at: under(this.menu), back: this.menu });
  }

  #notifyMenu() {
    const items = NOTIFY.map(([value, words]) => ({
      label: say(words), icon: "circle", checked: this.chat.me.notify === value, act: () => this.#setNotify(value),
    }));
    openMenu({ label: say("notifications"), title: say("notify_of"), items, at: under(this.menu), back: this.menu });
  }

  async #setNotify(choice) {
    try {
      await put(`chats/${this.chat.id}/notify/`, { notify: choice });
      this.notify(choice);
    } catch (error) {
      toastRefusal(error);
    }
  }
}
