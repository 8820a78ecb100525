// What is kept on the device, for this person only; storage that is forbidden or full is no failure.
import { data } from "./data.js";

const KEEP_DAYS = 30;
const PREFIX = `chat:${data.slug}:${data.person.id}:`;

const keyOf = (kind, chatId) => `${PREFIX}${kind}:${chatId}`;

export const keep = (kind, chatId, value) => {
  try {
    if (value === null) localStorage.removeItem(keyOf(kind, chatId));
    else localStorage.setItem(keyOf(kind, chatId), JSON.stringify({ at: Date.now(), value }));
  } catch {
    // What is typed stays on the page.
  }
};

export const kept = (kind, chatId) => {
  try {
    return JSON.parse(localStorage.getItem(keyOf(kind, chatId)))?.value ?? null;
  } catch {
    return null;
  }
};

// Drafts nobody came back to.
export const tidy = () => {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("chat:")) continue;
      const { at } = JSON.parse(localStorage.getItem(key)) ?? {};
      if (!at || at < Date.now() - KEEP_DAYS * 86_400_000) localStorage.removeItem(key);
    }
  } catch {
    // Nothing to tidy.
  }
};
