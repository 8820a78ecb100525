// One row of the feed as an element. The words of a message come as HTML made safe by the server (common/markup.py);
// everything else is text.
import { say } from "./data.js";
import { dayTitle, fullMoment, timeOf } from "./dates.js";
import { avatar, hidden, icon, iconButton, make } from "./dom.js";
import { drawFiles } from "./files_view.js";
import { tone } from "./names.js";
import { drawPoll } from "./polls.js";

export const drawDay = ({ iso }) => make(".chat-day", {}, make("span", {}, dayTitle(iso)));
export const drawLine = () => make(".chat-line", { role: "separator" }, make("span", {}, say("new_messages")));

const drawNotice = ({ message }) => make(
  ".chat-notice", { id: `m${message.number}`, dataset: { number: message.number } },
  make("span", {}, message.text, " ", make("time", { datetime: message.created_at }, timeOf(message.created_at))),
);

const drawReply = (answered, actions) => make(
  "button.chat-reply", { type: "button", onclick: () => actions.jump(answered.number), dataset: { keep: "reply" } },
  hidden(say("in_answer_to")),
  make("strong", {}, answered.author?.name ?? say("nobody")),
  make("span", {}, answered.snippet),
);

const drawWords = (message, person) => {
  if (!message.html) return null;
  const words = make(".chat-words");
  words.innerHTML = message.html;
  // The time stands behind the last word, but for lists and quotes. (A rule with :has would be asked of all messages.)
  words.classList.toggle("is-line", !message.poll && !words.querySelector("pre, ul, ol, blockquote"));
  words.querySelectorAll(`.mention[data-person="${person}"]`).forEach((mention) => mention.classList.add("is-me"));
  return words;
};

const TICKS = { sent: ["check", "sent_to_chat"], read: ["checks", "read_by_others"] };

const drawTick = (tick, actions) => {
  const [name, words] = TICKS[tick];
  const children = [icon(name, "icon-sm"), hidden(say(words))];
  if (tick !== "read") return make("span.chat-tick", { title: say(words) }, children);
  return make("button.chat-tick.is-read", { type: "button", tabindex: "-1", title: say("who_read"), onclick: actions.readers }, children);
};

const drawMeta = ({ message, tick }, actions) => make(
  "span.chat-meta", {},
  message.is_pinned ? [icon("pin", "icon-sm"), hidden(say("pinned"))] : null,
  message.edited_at ? make("span", { title: fullMoment(message.edited_at) }, say("edited")) : null,
  make("time", { datetime: message.created_at, title: fullMoment(message.created_at) }, timeOf(message.created_at)),
  tick ? drawTick(tick, actions) : null,
);

const isCalled = (message, person) =>
  message.author?.id !== person && (message.mentions_all || message.html.includes(`data-person="${person}"`));

const drawTrace = (row) => make(
  ".chat-bubble.is-trace", {}, icon("trash", "icon-sm"),
  make("span", {}, say(row.message.removed_by_moderator ? "removed_by_moderator" : "message_deleted")),
  make("time", { datetime: row.message.created_at }, timeOf(row.message.created_at)),
);

const drawBubble = (row, { person, detail, rights, actions, again }) => {
  const { message } = row;
  const head = [];
  if (row.isFirst && !row.isOwn) head.push(make(`span.chat-author.tone-${tone(message.author?.name ?? "")}`, {}, message.author?.name ?? say("nobody")));
  if (message.is_urgent) head.push(make("span.chat-urgent", {}, icon("urgent", "icon-sm"), say("urgent")));
  const poll = message.poll
    ? drawPoll(message, row.vote, { memberCount: detail.member_count, rights, actions: actions.poll, again })
    : null;
  return make(
    `.chat-bubble${isCalled(message, person) ? ".is-called" : ""}`, {},
    head.length ? make(".chat-head", {}, head) : null,
    message.reply_to ? drawReply(message.reply_to, actions) : null,
    drawFiles(message.files),
    drawWords(message, person),
    poll,
    drawMeta(row, actions),
  );
};

const describe = ({ message, isOwn }) => say("message_of", {
  author: isOwn ? say("you") : message.author?.name ?? say("nobody"),
  text: message.snippet,
  time: timeOf(message.created_at),
});

// context: { person, detail, rights, actions, again }
export const drawMessage = (row, context) => {
  const { message } = row;
  if (message.kind === "notice") return drawNotice(row);
  const name = message.author?.name ?? say("nobody");
  const classes = ["chat-message", row.isOwn ? "is-own" : "is-other", row.isFirst ? "is-first" : "", row.isLast ? "is-last" : ""];
  const tools = make(
    ".chat-tools", {},
    context.rights.reply ? iconButton("arrow-back-up", say("reply"), { tabindex: "-1", onclick: context.actions.reply }) : null,
    iconButton("dots", say("message_actions"), { tabindex: "-1", "aria-haspopup": "menu", onclick: context.actions.menu }),
  );
  const attributes = {
    id: `m${message.number}`, tabindex: "-1", "aria-label": describe(row), dataset: { number: message.number, id: message.id },
  };
  return make(
    `article.${classes.filter(Boolean).join(".")}`, attributes,
    row.isOwn ? null : make(".chat-message-side", {}, row.isFirst ? avatar(name) : null),
    message.deleted_at ? drawTrace(row) : drawBubble(row, context),
    tools,
  );
};

// --- What is on its way -----------------------------------------------------------------------------------------------
const STATES = { sending: ["clock", "sending"], waiting: ["clock", "waits_for_connection"], failed: ["alert-circle", "not_sent"] };

export const drawPending = ({ draft }, { actions }) => {
  const [name, words] = STATES[draft.state];
  const link = (label, act) => make("button.chat-link-button", { type: "button", onclick: act }, label);
  const failed = draft.state === "failed";
  return make(
    `article.chat-message.is-own.is-first.is-last.is-pending.is-${draft.state}`, { tabindex: "-1" },
    make(
      ".chat-bubble", {},
      draft.reply_to ? make(".chat-reply", {}, make("strong", {}, draft.reply_to.author?.name ?? ""), make("span", {}, draft.reply_to.snippet)) : null,
      draft.files.map((file) => make(".chat-file", {}, icon("file"), make("span", {}, file.name))),
      draft.poll ? make("p.chat-poll-question", {}, icon("chart-bar-popular", "icon-sm"), " ", draft.poll.question) : null,
      draft.shown ? make(".chat-words.is-plain", {}, draft.shown) : null,
      make("span.chat-meta", { role: "status" }, icon(name, "icon-sm"), draft.reason ? `${say(words)}: ${draft.reason}` : say(words)),
      failed
        ? make(".chat-pending-actions", {}, link(say("try_again"), actions.retry), draft.poll ? null : link(say("change_it"), actions.change), link(say("throw_away"), actions.drop))
        : null,
    ),
  );
};
