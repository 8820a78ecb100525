// What one can do with a message: its menu, and what each entry does. The server has the last word on rights.
import { call, post, remove } from "./api.js";
import { addressOf, data, say } from "./data.js";
import { askForm, showPeople, toast, toastRefusal } from "./dialogs.js";
import { copyText, make } from "./dom.js";
import { openMenu } from "./popup_menu.js";

const pathOf = (message) => `chats/${message.chat}/messages/${message.id}/`;

// Do it, take the server's answer as the new state; a refusal is said.
const attempt = async (asked, took) => {
  try {
    took(await asked);
  } catch (error) {
    toastRefusal(error);
  }
};

const confirmDeletion = (message, took) => askForm({
  title: say("delete_message_title"),
  fields: [make("p", {}, say("delete_message_hint")), make("blockquote.chat-quote", {}, message.snippet)],
  action: say("delete"),
  danger: true,
  send: async () => took(await remove(pathOf(message))),
});

const askRemoval = (message, took) => {
  const reason = make("textarea.form-control", { id: "chat-reason", rows: "3", maxlength: "500", required: true });
  askForm({
    title: say("remove_message_title"),
    fields: [
      make("blockquote.chat-quote", {}, message.snippet),
      make(".field", {}, make("label.field-label", { for: reason.id }, say("why_removed")), make("p.field-hint", {}, say("why_removed_hint")), reason),
    ],
    action: say("remove"),
    danger: true,
    send: async () => took(await post(`${pathOf(message)}remove/`, { reason: reason.value })),
  });
  reason.focus();
};

const askReport = (message) => {
  const choices = data.reasons.map(({ value, label }, place) => make(
    "label.choice", {}, make("input.form-check-input", { type: "radio", name: "reason", value, required: true, checked: place === 0 }), make("span", {}, label),
  ));
  const comment = make("textarea.form-control", { id: "chat-comment", rows: "2", maxlength: "500" });
  const fields = [
    make("blockquote.chat-quote", {}, message.snippet),
    make("fieldset.field.choices", {}, make("legend", {}, say("what_is_wrong")), choices),
    make(".field", {}, make("label.field-label", { for: comment.id }, say("comment_optional")), comment),
    make("p.chat-dialog-note", {}, say("report_hint")),
  ];
  const opened = askForm({
    title: say("report_title"),
    fields,
    action: say("send_report"),
    send: async () => {
      const chosen = opened.dialog.querySelector("input[name=reason]:checked");
      await post(`${pathOf(message)}report/`, { reason: chosen.value, comment: comment.value });
      toast(say("report_sent"), "good");
    },
  });
};

const copied = async (text, done) => toast(await copyText(text) ? done : say("copy_failed"));

export const showReaders = (message) => showPeople({ title: say("who_read"), path: `${pathOf(message)}readers/`, empty: say("nobody_read_yet") });
export const vote = (message, options, took) => attempt(post(`${pathOf(message)}vote/`, { options }), took);
export const closePoll = (message, took) => attempt(post(`${pathOf(message)}close-poll/`), took);
export const setPinned = (message, isPinned, took) => attempt(call("POST", `${pathOf(message)}${isPinned ? "pin" : "unpin"}/`, {}), took);

// rights: Conversation.rights(); hooks: { answer(message), edit(message), took(message) }
export const openMessageMenu = (message, { rights, hooks, at, back }) => {
  const plain = () => {
    const words = document.createElement("template");
    words.innerHTML = message.html.replace(/<br>|<\/(?:li|blockquote|pre)>/g, "\n");
    return words.content.textContent.trim();
  };
  const link = `${location.origin}${addressOf(message.chat, message.number)}`;
  const items = [
    rights.reply && { label: say("reply"), icon: "arrow-back-up", act: () => hooks.answer(message) },
    rights.edit && { label: say("edit"), icon: "pencil", act: () => hooks.edit(message) },
    rights.copy && { label: say("copy_text"), icon: "copy", act: () => copied(plain(), say("text_copied")) },
    rights.link && { label: say("copy_link"), icon: "link", act: () => copied(link, say("link_copied")) },
    rights.pin && !message.is_pinned && { label: say("pin"), icon: "pin", act: () => setPinned(message, true, hooks.took) },
    rights.pin && message.is_pinned && { label: say("unpin"), icon: "pinned-off", act: () => setPinned(message, false, hooks.took) },
    rights.readers && { label: say("who_read"), icon: "checks", act: () => showReaders(message) },
    rights.closePoll && { label: say("close_poll"), icon: "lock", act: () => closePoll(message, hooks.took) },
    rights.report && { label: say("report"), icon: "flag", act: () => askReport(message) },
    rights.delete && { label: say("delete"), icon: "trash", danger: true, act: () => confirmDeletion(message, hooks.took) },
    rights.remove && { label: say("remove"), icon: "trash", danger: true, act: () => askRemoval(message, hooks.took) },
  ].filter(Boolean);
  if (items.length) openMenu({ label: say("message_actions"), items, at, back });
};
