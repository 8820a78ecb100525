// The page: the list on one side, the open chat on the other; who hears what, and which chat stands in the address.
import { get } from "./api.js";
import { ChatList } from "./chat_list.js";
import { ChatView } from "./chat_view.js";
import { hasUploads } from "./composer.js";
import { Conversation } from "./conversation.js";
import { addressOf, data, say } from "./data.js";
import { toastRefusal } from "./dialogs.js";
import { icon, isNarrow, make } from "./dom.js";
import { tidy } from "./keeping.js";
import { ListView } from "./list_view.js";
import { Live } from "./live.js";
import { Outgoing } from "./outgoing.js";
import { closeMenu } from "./popup_menu.js";
import { StatusBar } from "./status_bar.js";
import { nameOf, showWaiting } from "./unread_marks.js";
import { followKeyboard } from "./viewport.js";

// So many unread messages fit below the line on the newest page.
const FITS = 40;

const place = document.getElementById("chat-conversation");
const nothing = document.getElementById("chat-nothing");
const list = new ChatList(data.person.id, data.chats);
const outgoing = new Map();
let view = null;
let asked = 0;

// --- The list -----------------------------------------------------------------------------------------------------------
const listView = new ListView(list, {
  elements: {
    listElement: document.getElementById("chat-list"),
    search: document.getElementById("chat-search"),
    found: document.getElementById("chat-found"),
    empty: document.getElementById("chat-none"),
    archive: document.getElementById("chat-archive"),
  },
  open: (id, number) => go(id, number),
});

const drawList = () => {
  listView.draw();
  showWaiting(list.waiting());
  if (view) view.unread(list.get(view.chat.id)?.unread ?? 0);
};

// --- Writing ------------------------------------------------------------------------------------------------------------
const took = (message) => {
  const open = view?.chat.id === message.chat ? view : null;
  open?.chat.accept(message);
  outgoing.get(message.chat)?.settle(message.client_key);
  if (list.receive({ type: "message", chat: message.chat, event: message.event, message }) === "stale") live.readListSoon();
  open?.draw();
  drawList();
};

const outgoingOf = (id) => {
  if (!outgoing.has(id)) {
    outgoing.set(id, new Outgoing(id, {
      changed: () => { if (view?.chat.id === id) view.draw(); },
      sent: took,
      // «Only staff write here now»: the box gives way to the reason.
      refused: (error) => { if (error.status === 403 && view?.chat.id === id) readRights(view.chat); },
    }));
  }
  return outgoing.get(id);
};

// --- Opening, closing ---------------------------------------------------------------------------------------------------
const hideView = () => {
  closeMenu({ refocus: false });
  view?.close();
  view = null;
  nameOf(null);
};

const showNothing = (...words) => {
  hideView();
  nothing.replaceChildren(...words);
  nothing.hidden = false;
  document.body.classList.remove("has-chat");
};

const calm = [...nothing.childNodes];
const showList = () => {
  const left = view?.chat.id;
  showNothing(...calm);
  listView.show(null);
  drawList();
  if (left) listView.focusOn(left);
};

const show = (detail, page, number = 0) => {
  hideView();
  const chat = new Conversation(data.person.id, detail);
  chat.show(page);
  nothing.hidden = true;
  document.body.classList.add("has-chat");
  view = new ChatView(chat, outgoingOf(detail.id), {
    took,
    typing: () => live.send({ type: "typing", chat: chat.id }),
    back: () => { if (history.state?.fromList) history.back(); else go(null); },
    read: (one, reached, unread) => { list.read(one.id, reached, unread); drawList(); },
    drafted: () => listView.draw(),
    notified: (choice) => { list.notify(chat.id, choice); drawList(); },
  });
  // It arrived, though its answer got lost with the page.
  page.messages.forEach((message) => outgoing.get(detail.id).settle(message.client_key));
  place.append(view.element);
  nameOf(detail.title);
  listView.show(detail.id);
  view.start(number);
  drawList();
  view.takeFocus();
};

const numberInAddress = () => Number(/^#m(\d+)$/.exec(location.hash)?.[1] ?? 0);

const load = async (id, number = 0) => {
  asked += 1;
  const mine = asked;
  const listed = list.get(id);
  const manyUnread = listed && listed.read_number && listed.unread > FITS;
  const around = number || (manyUnread ? listed.read_number : undefined);
  place.setAttribute("aria-busy", "true");
  try {
    const [detail, page] = await Promise.all([get(`chats/${id}/`), get(`chats/${id}/messages/`, { around })]);
    // Whichever was read first: what changed between the two is told once more, never left out.
    detail.last_event = Math.min(detail.last_event, page.last_event);
    if (mine !== asked) return;
    show(detail, page, number);
    live.watch();
  } catch (error) {
    if (mine !== asked) return;
    if (error.name === "Refusal" && error.status === 404) showGone();
    else toastRefusal(error);
  } finally {
    place.removeAttribute("aria-busy");
  }
};

// Show a chat (or the list, with null) under its own address.
const go = (id, number = 0) => {
  const address = id ? addressOf(id, number) : data.addresses.list;
  if (view?.chat.id === id) {
    history.replaceState(history.state, "", address);
    if (number) view.jump(number);
    else if (id) view.composer.focus();
    return;
  }
  history.pushState({ fromList: !view }, "", address);
  if (id) load(id, number);
  else showList();
};

const chatInAddress = () => Number(location.pathname.slice(data.addresses.list.length).split("/")[0]) || null;
window.addEventListener("popstate", () => {
  const id = chatInAddress();
  if (id && id === view?.chat.id) {
    if (numberInAddress()) view.jump(numberInAddress());
  } else if (id) load(id, numberInAddress());
  else showList();
});

const showGone = () => {
  const back = make("a.btn.btn-primary", { href: data.addresses.list, onclick: (event) => { event.preventDefault(); go(null); } }, say("to_the_list"));
  showNothing(
    make(".empty-state-icon", {}, icon("messages-off")),
    make("h2", { tabindex: "-1" }, say("chat_is_gone")), make("p", {}, say("chat_is_gone_hint")), back,
  );
  document.body.classList.add("has-chat");
  nothing.querySelector("h2").focus();
  live.readListSoon(0);
};

// --- Hearing ------------------------------------------------------------------------------------------------------------
let rightsTimer = null;
const readRights = (chat) => {
  clearTimeout(rightsTimer);
  // A class hears the same notice at once; they need not all ask at once.
  rightsTimer = setTimeout(async () => {
    const detail = await get(`chats/${chat.id}/`).catch(() => null);
    if (!detail || view?.chat !== chat) return;
    view.rights(detail);
    nameOf(detail.title);
    drawList();
  }, 200 + 1500 * Math.random());
};

const status = new StatusBar(document.getElementById("chat-status"), { retry: () => live.retry() });

const live = new Live({
  list,
  current: () => view?.chat ?? null,
  drawn: (what, frame = null) => {
    if (what === "list") drawList();
    else if (frame?.type === "message") hear(frame);
    else if (frame?.type === "changes") {
      frame.messages.forEach((message) => view?.outgoing.settle(message.client_key));
      view?.draw();
    } else view?.draw();
  },
  putOut: () => showGone(),
  told: (frame) => {
    if (frame.type === "typing") listView.hear(frame);
    if (view?.chat.id === frame.chat) view.presence.hear(frame);
  },
  stands: (how) => {
    status.show(how);
    if (how.state === "live" || how.state === "polling") outgoing.forEach((queue) => queue.resume());
  },
  rights: readRights,
});

const hear = (frame) => {
  const { message } = frame;
  outgoing.get(frame.chat)?.settle(message.client_key);
  listView.quiet(frame.chat);
  view?.hear(frame);
};

// --- Beginning ----------------------------------------------------------------------------------------------------------
tidy();
followKeyboard();
history.replaceState({ fromList: false }, "");
if (data.chat) show(data.chat, data.window, numberInAddress());
else drawList();
document.documentElement.classList.add("chat-is-ready");

// «/» looks for a chat, as everywhere; not while one types.
document.addEventListener("keydown", (event) => {
  const types = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || types || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (view && !isNarrow()) view.open("search");
  else document.getElementById("chat-search").focus();
});
// Words are kept on the device, files are not.
window.addEventListener("beforeunload", (event) => { if (hasUploads()) event.preventDefault(); });
// Days change at midnight: «сегодня» becomes «вчера».
setInterval(() => { view?.draw(); listView.draw(); }, 60_000);
