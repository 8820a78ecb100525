// What the server wrote into the page: who looks, where, in which words, the list, and the open chat.
export const data = JSON.parse(document.getElementById("chat-data").textContent);

const forms = new Intl.PluralRules(data.language);

// A sentence of the server's catalogue; `count` chooses among the forms of a plural.
export const say = (key, values = {}) => {
  const found = data.words[key];
  if (found === undefined) throw new Error(`no words for ${key}`);
  const text = typeof found === "string" ? found : found[forms.select(values.count)] ?? found.many;
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name]));
};

export const addressOf = (chatId, number = 0) =>
  `${data.addresses.list}${chatId}/${number ? `#m${number}` : ""}`;
