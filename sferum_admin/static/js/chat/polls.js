// Polls: choosing, results, who chose what; and the dialog in which one is made.
import { isClosed } from "./conversation.js";
import { say } from "./data.js";
import { fullMoment, momentOf } from "./dates.js";
import { askForm, showPeople } from "./dialogs.js";
import { icon, iconButton, make } from "./dom.js";

// What is ticked but not sent yet, by poll: somebody else's vote draws the poll anew.
const ticked = new Map();
const opened = new Set();
const changing = new Set();

const drawChoice = (poll, option) => {
  const chosen = ticked.get(poll.id) ?? new Set();
  const input = make("input.form-check-input", {
    type: poll.is_multiple ? "checkbox" : "radio",
    name: `poll-${poll.id}`,
    value: option.id,
    checked: chosen.has(option.id),
    dataset: { keep: `option-${option.id}` },
  });
  return make("label.chat-poll-choice", {}, input, make("span", {}, option.text));
};

const drawResult = (poll, option, mine, showVoters) => {
  const count = say("votes_count", { count: option.vote_count });
  const isOpenList = !poll.is_anonymous && option.vote_count > 0;
  const numbers = isOpenList
    ? make("button.chat-poll-count", { type: "button", title: say("who_chose_this"), onclick: () => showVoters(option) }, count)
    : make("span.chat-poll-count", {}, count);
  const bar = make("span.chat-poll-bar", { "aria-hidden": "true" }, make("span"));
  bar.firstChild.style.width = `${option.percent}%`;
  return make(
    `li.chat-poll-result${mine ? ".is-mine" : ""}`, {},
    make("span.chat-poll-option", {}, mine ? icon("check", "icon-sm") : null, mine ? make("span.visually-hidden", {}, say("your_choice")) : null, option.text),
    make("strong.chat-poll-percent", {}, `${option.percent} %`), bar, numbers,
  );
};

const describe = (poll) => [
  say(poll.is_anonymous ? "poll_anonymous" : "poll_open"),
  poll.is_multiple ? say("poll_several") : null,
  poll.is_closed ? say("poll_closed") : null,
  !poll.is_closed && poll.closes_at ? say("poll_until", { moment: fullMoment(poll.closes_at) }) : null,
].filter(Boolean).join(" · ");

// vote: own choice, or null; actions: { vote(options), close(), voters(option) }, rights: { vote, closePoll }
export const drawPoll = (message, vote, { memberCount, rights, actions, again }) => {
  const poll = { ...message.poll, is_closed: isClosed(message.poll) };
  const mayChange = rights.vote && !poll.is_closed && !poll.is_anonymous && vote !== null;
  const mayVote = rights.vote && !poll.is_closed && (vote === null || (mayChange && changing.has(poll.id)));
  const showsResults = !mayVote || opened.has(poll.id);
  const form = make("form.chat-poll", { "aria-label": say("poll_about", { question: poll.question }) });
  const turnout = say("poll_turnout", { count: poll.voter_count, all: memberCount ?? "…" });
  const head = [
    make("p.chat-poll-kind", {}, icon("chart-bar-popular", "icon-sm"), describe(poll)),
    make("p.chat-poll-question", {}, poll.question),
  ];
  const body = showsResults
    ? make("ul.chat-poll-results", {}, poll.options.map((option) => drawResult(poll, option, vote?.includes(option.id), actions.voters)))
    : make(".chat-poll-choices", { role: poll.is_multiple ? "group" : "radiogroup", "aria-label": poll.question },
      poll.options.map((option) => drawChoice(poll, option)));
  const foot = make(".chat-poll-foot", {}, make("span.chat-poll-turnout", {}, poll.voter_count ? turnout : say("poll_no_votes")));
  const link = (label, act, keep) => make("button.chat-link-button", { type: "button", onclick: act, dataset: { keep } }, label);
  if (!showsResults) {
    foot.prepend(make("button.btn.btn-sm.btn-primary", { type: "submit", dataset: { keep: "vote" } }, say("vote")));
    if (poll.is_anonymous) foot.prepend(make("p.chat-poll-note", {}, say("poll_vote_is_final")));
  }
  if (mayVote && poll.voter_count) {
    const flip = () => { if (!opened.delete(poll.id)) opened.add(poll.id); again(); };
    foot.append(link(say(showsResults ? "back_to_voting" : "show_results"), flip, "results"));
  }
  if (mayChange && !mayVote) {
    const change = () => { ticked.set(poll.id, new Set(vote)); changing.add(poll.id); again(); };
    foot.append(link(say("change_vote"), change, "change"));
  } else if (mayChange) {
    foot.append(link(say("take_vote_back"), () => { ticked.delete(poll.id); changing.delete(poll.id); actions.vote([]); }, "back"));
    foot.append(link(say("keep_vote"), () => { changing.delete(poll.id); again(); }, "keep"));
  }
  if (rights.closePoll) foot.append(link(say("close_poll"), actions.close, "close"));
  form.addEventListener("change", () => {
    ticked.set(poll.id, new Set([...form.querySelectorAll("input:checked")].map((input) => Number(input.value))));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const options = [...form.querySelectorAll("input:checked")].map((input) => Number(input.value));
    if (options.length) {
      changing.delete(poll.id);
      actions.vote(options);
    } else form.querySelector("input")?.focus();
  });
  form.append(...head, body, foot);
  return form;
};

export const showVoters = (chatId, message, option) => showPeople({
  title: option.text,
  path: `chats/${chatId}/messages/${message.id}/voters/?option=${option.id}`,
  empty: say("nobody_yet"),
});

// --- Making one -------------------------------------------------------------------------------------------------------
const MOST = 20;

const field = (label, input, hint) => make(
  ".field", {},
  make("label.field-label", { for: input.id }, label),
  hint ? make("p.field-hint", {}, hint) : null,
  input,
);

const optionRow = (rows, { focus = false } = {}) => {
  const number = rows.children.length + 1;
  const input = make("input.form-control", {
    type: "text", maxlength: "120", placeholder: say("poll_answer", { number }), "aria-label": say("poll_answer", { number }),
  });
  const row = make(".chat-poll-row", {}, input, iconButton("x", say("remove_answer"), { onclick: () => {
    if (rows.children.length > 2) row.remove();
    else input.value = "";
    rows.querySelector("input")?.focus();
  } }));
  // An answer more as soon as the last one is begun; Enter goes on to the next.
  input.addEventListener("input", () => {
    if (row === rows.lastElementChild && input.value && rows.children.length < MOST) optionRow(rows);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    row.nextElementSibling?.querySelector("input")?.focus();
  });
  rows.append(row);
  if (focus) input.focus();
};

const check = (name, label, hint) => {
  const input = make("input.form-check-input", { type: "checkbox", name });
  return { input, row: make("label.choice", {}, input, make("span", {}, label, hint ? make("small.chat-hint", {}, hint) : null)) };
};

// send(poll): gives it to the server, may be refused.
export const askPoll = (send) => {
  const question = make("textarea.form-control", { id: "poll-question", rows: "2", maxlength: "300", required: true });
  const rows = make(".chat-poll-rows", { role: "group", "aria-label": say("poll_answers") });
  for (let count = 0; count < 3; count += 1) optionRow(rows);
  const several = check("several", say("poll_several_allowed"));
  const anonymous = check("anonymous", say("poll_is_anonymous"), say("poll_is_anonymous_hint"));
  const closes = make("input.form-control", { id: "poll-closes", type: "datetime-local" });
  const read = () => ({
    question: question.value,
    options: [...rows.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean),
    is_multiple: several.input.checked,
    is_anonymous: anonymous.input.checked,
    closes_at: closes.value ? momentOf(closes.value) : null,
  });
  askForm({
    title: say("new_poll"),
    fields: [
      field(say("poll_question"), question),
      make(".field", {}, make("p.field-label", {}, say("poll_answers")), rows),
      make(".field.choices", {}, several.row, anonymous.row),
      field(say("poll_closes"), closes, say("poll_closes_hint")),
    ],
    action: say("send_poll"),
    send: () => send(read()),
  });
  question.focus();
};
