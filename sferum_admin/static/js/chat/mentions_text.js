// Mentions while one types: «@Анна Ковалёва» in the box, `@[12]` on its way to the server. Pure.
//
// `people`: what was chosen in this text, {label → id}; `everyone`: how @all is written in the reader's language.
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export const toWire = (text, people, everyone) => {
  const labels = Object.keys(people).sort((a, b) => b.length - a.length);
  let wire = text;
  if (labels.length) {
    const named = new RegExp(`@(${labels.map(escaped).join("|")})(?![\\p{L}\\p{N}])`, "gu");
    wire = wire.replace(named, (_whole, label) => `@[${people[label]}]`);
  }
  // No lookbehind here or below: phones of some years ago do not know it.
  const all = new RegExp(`(^|[^\\p{L}\\p{N}_.@+-])@${escaped(everyone)}(?![\\p{L}\\p{N}_@])`, "gu");
  return wire.replace(all, "$1@all");
};

// The names of those mentioned, from the message as it is shown: {id → label}.
export const namesIn = (html) => {
  const names = {};
  for (const [, id, name] of html.matchAll(/<span class="mention" data-person="(\d+)">@([^<]*)<\/span>/g)) {
    names[id] = name.replace(/&amp;/g, "&").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
      .replace(/&#x27;/g, "'");
  }
  return names;
};

// Back into the box, to be edited: {text, people}.
export const fromWire = (wire, html, everyone) => {
  const names = namesIn(html);
  const people = {};
  const text = wire.replace(/@\[(\d+)\]/g, (whole, id) => {
    const name = names[id];
    if (!name || (people[name] && people[name] !== Number(id))) return whole;
    people[name] = Number(id);
    return `@${name}`;
  });
  return { text: text.replace(/(^|[^\w.@+-])@all(?![\w@])/g, `$1@${everyone}`), people };
};

// What is being typed after an @ right before the cursor, or null.
export const beginsMention = (text, cursor) => {
  const found = /(?:^|[\s(«"])@([\p{L}\p{N}-]*(?: [\p{L}-]*)?)$/u.exec(text.slice(0, cursor));
  return found ? { typed: found[1], start: cursor - found[1].length - 1 } : null;
};

// Put the chosen name in place of what was typed: {text, cursor}.
export const putMention = (text, { start }, cursor, label) => {
  const after = text.slice(cursor);
  const gap = /^\s/.test(after) ? "" : " ";
  return { text: `${text.slice(0, start)}@${label}${gap}${after}`, cursor: start + label.length + 1 + (gap ? 1 : 0) };
};
