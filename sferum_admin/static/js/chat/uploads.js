// Files on their way to the server: progress, calling off, trying again, the server's own words about a refusal.
import { headers, remove } from "./api.js";
import { data, say } from "./data.js";
import { icon, iconButton, make } from "./dom.js";
import { iconOf, sizeOf } from "./files_view.js";

const PARALLEL = 2;

export class Uploads {
  #items = [];

  // The number, or the readiness, is another.
  changed = () => {};

  constructor() {
    this.element = make("ul.chat-uploads", { "aria-label": say("attached_files"), hidden: true });
  }

  add(files) {
    for (const file of files) {
      const item = { file, state: "queued", loaded: 0, stored: null, error: "" };
      this.#items.push(item);
      if (this.#items.length > data.limits.files) this.#fail(item, say("too_many_files", { count: data.limits.files }));
      else if (file.size > data.limits.file_bytes) this.#fail(item, say("file_too_large", { size: sizeOf(data.limits.file_bytes) }));
      this.#draw(item);
      this.element.append(item.element);
    }
    this.#next();
    this.#tell();
  }

  // Files that are already at the server (an unsent message taken back into the box).
  restore(stored) {
    stored.forEach((file) => {
      const item = { file, state: "done", loaded: file.size, stored: file, error: "" };
      this.#items.push(item);
      this.#draw(item);
      this.element.append(item.element);
    });
    this.#tell();
  }

  get count() {
    return this.#items.length;
  }

  get isUploading() {
    return this.#items.some((item) => item.state === "queued" || item.state === "sending");
  }

  get hasFailed() {
    return this.#items.some((item) => item.state === "failed");
  }

  // What goes along with the message; the tray is empty then.
  take() {
    const stored = this.#items.map((item) => item.stored);
    this.#items.forEach((item) => item.picture && URL.revokeObjectURL(item.picture));
    this.#items = [];
    this.element.replaceChildren();
    this.#tell();
    return stored;
  }

  #tell() {
    this.element.hidden = !this.#items.length;
    this.changed();
  }

  #next() {
    const busy = this.#items.filter((item) => item.state === "sending").length;
    this.#items.filter((item) => item.state === "queued").slice(0, Math.max(0, PARALLEL - busy)).forEach((item) => this.#send(item));
  }

  #send(item) {
    const body = new FormData();
    body.append("file", item.file, item.file.name || "file");
    const request = new XMLHttpRequest();
    item.request = request;
    item.state = "sending";
    request.open("POST", `${data.addresses.api}files/`);
    Object.entries(headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", (event) => {
      item.loaded = event.loaded;
      this.#progress(item);
    });
    request.addEventListener("load", () => this.#answered(item, request));
    request.addEventListener("error", () => this.#fail(item, say("no_connection_try_again"), true));
    request.send(body);
    this.#draw(item);
  }

  #answered(item, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // A proxy's own page: too large, or away.
    }
    if (request.status === 201) {
      item.state = "done";
      item.stored = answer;
      this.#draw(item);
    } else {
      const words = answer.code === "invalid" ? Object.values(answer.fields ?? {}).flat()[0] : answer.message;
      const otherwise = say(request.status === 413 ? "file_too_large" : "no_connection_try_again", { size: sizeOf(data.limits.file_bytes) });
      this.#fail(item, words || otherwise, request.status >= 500);
    }
    this.#next();
    this.#tell();
  }

  #fail(item, error, mayRetry = false) {
    Object.assign(item, { state: "failed", error, mayRetry });
    if (!item.element) return;
    this.#draw(item);
    this.#next();
    this.#tell();
  }

  #remove(item) {
    const place = this.#items.indexOf(item);
    item.request?.abort();
    if (item.stored) remove(`files/${item.stored.id}/`).catch(() => {}); // else it goes by itself in a day
    if (item.picture) URL.revokeObjectURL(item.picture);
    this.#items = this.#items.filter((one) => one !== item);
    item.element.remove();
    this.#next();
    this.#tell();
    const neighbour = this.#items[Math.min(place, this.#items.length - 1)];
    if (neighbour) neighbour.element.querySelector("button").focus();
    else this.emptied?.();
  }

  // --- Drawing ------------------------------------------------------------------------------------------------------
  #draw(item) {
    const element = make(`li.chat-upload.is-${item.state}`, {}, this.#face(item), make(
      ".chat-upload-text", {}, make("span.chat-upload-name", {}, item.file.name || say("file")), this.#status(item),
    ));
    if (item.mayRetry && item.state === "failed") {
      element.append(iconButton("refresh", say("try_again"), { onclick: () => { item.state = "queued"; this.#draw(item); this.#next(); this.#tell(); } }));
    }
    element.append(iconButton("x", say("remove_file", { name: item.file.name }), { onclick: () => this.#remove(item) }));
    item.element?.replaceWith(element);
    item.element = element;
  }

  #face(item) {
    const type = item.file.type ?? item.file.content_type ?? "";
    if (/^image\/(png|jpeg|webp|gif)$/.test(type) && item.file instanceof Blob) {
      item.picture ??= URL.createObjectURL(item.file);
      return make("img.chat-upload-face", { src: item.picture, alt: "" });
    }
    return make("span.chat-upload-face", {}, icon(iconOf(type)));
  }

  #status(item) {
    if (item.state === "failed") return make("span.chat-upload-error", { role: "alert" }, item.error);
    if (item.state === "done") return make("small", {}, sizeOf(item.file.size));
    item.meter = make("progress.meter", { max: "1", value: 0, "aria-label": say("uploading_file", { name: item.file.name }) });
    this.#progress(item);
    return item.meter;
  }

  #progress(item) {
    if (!item.meter) return;
    // All of it is there: the server looks at it, and nobody knows for how long.
    if (item.loaded >= item.file.size && item.file.size) item.meter.removeAttribute("value");
    else item.meter.value = item.loaded / (item.file.size || 1);
  }
}
