// How the feed is laid out: days, the line over what is new, runs of messages by one author. Pure.
const RUN = 5 * 60_000;

const continues = (before, message) =>
  before !== undefined
  && before.kind === "text" && message.kind === "text"
  && !before.deleted_at && !message.deleted_at
  && before.author?.id === message.author?.id
  && Date.parse(message.created_at) - Date.parse(before.created_at) < RUN;

// Rows of the feed: {kind: "day" | "line" | "message" | "pending", key, sign, …}; a row whose `sign` has not changed
// needs no drawing anew. `newAfter`: the line stands before the first message of others after this number.
export const layOut = ({ messages, votes, person, readByOthers, showsReaders, pending, newAfter, hasBefore, dayOf, now }) => {
  const rows = [];
  let day = null;
  let before;
  // What lies before the window may be new as well: then the line stands somewhere up there.
  let lineStands = newAfter === null || (hasBefore && messages[0]?.number > newAfter);
  const openDay = (iso, place) => {
    const next = dayOf(iso);
    if (next === day) return false;
    day = next;
    rows.push({ kind: "day", key: `d${next}-${place}`, sign: `${next}/${dayOf(now)}`, iso });
    return true;
  };
  messages.forEach((message, place) => {
    let breaks = openDay(message.created_at, message.number);
    if (!lineStands && message.number > newAfter && message.author?.id !== person) {
      rows.push({ kind: "line", key: "line", sign: "line" });
      lineStands = true;
      breaks = true;
    }
    const isFirst = breaks || !continues(before, message);
    const after = messages[place + 1];
    const isLast = !after || dayOf(after.created_at) !== day || !continues(message, after);
    const isOwn = message.author?.id === person;
    const tick = isOwn && !message.deleted_at ? (showsReaders && message.number <= readByOthers ? "read" : "sent") : "";
    const vote = votes[message.id] ?? null;
    const answered = message.reply_to?.snippet ?? null;
    // A poll may close without an event.
    const isOver = Boolean(message.poll?.closes_at && message.poll.closes_at <= now);
    const sign = [message.event, isFirst, isLast, tick, vote, answered, isOver].join("|");
    rows.push({ kind: "message", key: `m${message.id}`, sign, message, isFirst, isLast, isOwn, tick, vote });
    before = message;
  });
  pending.forEach((draft) => {
    openDay(draft.created_at, "pending");
    const sign = [draft.state, draft.reason].join("|");
    rows.push({ kind: "pending", key: `p${draft.client_key}`, sign, draft });
  });
  return rows;
};
