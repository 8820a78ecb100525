// Words that were searched for, marked where they stand.
import { make } from "./dom.js";

const folded = (text) => text.toLocaleLowerCase().replace(/ё/g, "е");

// A long text begins near the first word found.
const MOST_BEFORE = 40;

// PostgreSQL finds word forms, so the beginnings of words are looked for: «контрольная» marks «контрольную».
const stemOf = (word) => (word.length > 5 ? word.slice(0, word.length - 2) : word);

export const marked = (text, query) => {
  const stems = folded(query).split(/\s+/).filter((word) => word.length > 1).map(stemOf);
  const low = folded(text);
  const hits = [];
  for (const stem of stems) {
    for (let at = low.indexOf(stem); at >= 0; at = low.indexOf(stem, at + stem.length)) hits.push([at, at + stem.length]);
  }
  hits.sort((a, b) => a[0] - b[0]);
  const first = hits[0]?.[0] ?? 0;
  const from = first > MOST_BEFORE * 2 ? text.indexOf(" ", first - MOST_BEFORE) + 1 || first : 0;
  const parts = [];
  let done = from;
  for (const [start, end] of hits) {
    if (start < done) continue;
    parts.push(text.slice(done, start), make("mark", {}, text.slice(start, end)));
    done = end;
  }
  parts.push(text.slice(done));
  if (from) parts.unshift("…");
  return parts;
};
