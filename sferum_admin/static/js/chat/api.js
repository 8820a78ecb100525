// Questions to the REST API: an answer, a refusal with a sentence for people, or nobody there.
import { data } from "./data.js";

const PATIENCE = 20_000;
// The web server in front of us answers these while ours starts anew.
const AWAY = new Set([408, 502, 503, 504]);

// The server understood and said no.
export class Refusal extends Error {
  constructor(status, { code = "", message = "", fields = {} } = {}) {
    const first = Object.values(fields).flat()[0];
    super(code === "invalid" && first ? first : message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

// Nobody answered: no network, or the server is away.
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

// The cookie knows of a sign-in in another tab since this page was made.
const token = () => /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1]
  ?? JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
export const headers = () => ({ "X-CSRFToken": token(), "Accept-Language": data.language });

export const call = async (method, path, body) => {
  const options = { method, headers: headers(), credentials: "same-origin" };
  if (AbortSignal.timeout) options.signal = AbortSignal.timeout(PATIENCE);
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path.startsWith("/") || path.startsWith("http") ? path : data.addresses.api + path, options);
  } catch {
    throw new Unreachable();
  }
  if (AWAY.has(response.status)) throw new Unreachable();
  // Signed out meanwhile (in another tab, by the administrator): the way leads to the sign-in and back.
  if (response.status === 401) location.reload();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
};

export const get = (path, parameters = {}) => {
  const asked = String(new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined)));
  return call("GET", asked ? `${path}?${asked}` : path);
};
export const post = (path, body = {}) => call("POST", path, body);
export const put = (path, body) => call("PUT", path, body);
export const patch = (path, body) => call("PATCH", path, body);
export const remove = (path) => call("DELETE", path);
