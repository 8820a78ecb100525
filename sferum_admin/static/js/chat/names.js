// What stands for a name: initials, one of six colours. The same as the server's `ui` tags give.
export const initials = (name) => {
  const words = name.replace(/[«»]/g, " ").split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  if (words.length > 1 && /^\d{1,3}$/.test(words[1])) return words[1];
  return words.slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
};

const TABLE = Array.from({ length: 256 }, (_empty, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

export const tone = (name) => {
  let sum = 0xffffffff;
  for (const byte of new TextEncoder().encode(name)) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff];
  return ((sum ^ 0xffffffff) >>> 0) % 6;
};

// «Ковалёва Анна Сергеевна» in a narrow place: «Анна К.»
export const brief = (name) => {
  const [last, first] = name.split(" ");
  return first ? `${first} ${[...last][0]}.` : last;
};
