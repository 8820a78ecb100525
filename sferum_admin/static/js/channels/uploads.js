// Files on their way to the server: chosen or dropped, with progress, in an order that can be changed.
import { headers } from "./net.js";

const PARALLEL = 2;

class Uploads {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.list = place.querySelector("[data-upload-list]");
    this.template = place.querySelector("[data-upload-row]");
    this.complaint = place.querySelector("[data-upload-error]");
    this.input = place.querySelector("input[type=file]");
    this.queue = [];
    this.busy = 0;
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = ""; // they go one by one, not with the form
    });
    this.list.addEventListener("click", (event) => this.press(event));
    this.drops();
    place.closest("form").addEventListener("submit", (event) => this.hold(event));
  }

  drops() {
    const zone = this.place.querySelector("[data-drop]");
    const form = this.place.closest("form");
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    form.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.classList.add("is-over");
    });
    form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) zone.classList.remove("is-over"); });
    form.addEventListener("drop", (event) => {
      zone.classList.remove("is-over");
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
  }

  say(text) {
    this.complaint.textContent = text;
    this.complaint.hidden = !text;
  }

  add(files) {
    this.say("");
    for (const file of files) {
      if (this.list.children.length >= Number(this.words.most)) {
        this.say(this.words.wordsMany);
        break;
      }
      const row = this.template.content.firstElementChild.cloneNode(true);
      row.querySelector(".post-upload-name").textContent = file.name;
      row.querySelectorAll("button .visually-hidden").forEach((label) => label.append(file.name));
      if (/^image\/(png|jpeg|webp|gif)$/.test(file.type)) {
        const picture = Object.assign(document.createElement("img"), { className: "post-upload-face", src: URL.createObjectURL(file), alt: "" });
        row.querySelector(".post-upload-face").replaceWith(picture);
      }
      this.list.append(row);
      if (file.size > Number(this.words.mostBytes)) this.fail(row, this.words.wordsLarge);
      else this.queue.push({ file, row });
    }
    this.next();
  }

  next() {
    while (this.busy < PARALLEL && this.queue.length) {
      const { file, row } = this.queue.shift();
      if (row.isConnected) this.send(file, row);
    }
  }

  send(file, row) {
    this.busy += 1;
    const meter = row.querySelector("progress");
    meter.setAttribute("aria-label", file.name);
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name || "file");
    request.open("POST", this.words.url);
    Object.entries(headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", (event) => {
      if (event.loaded >= event.total) meter.removeAttribute("value"); // the server looks at it, nobody knows how long
      else meter.value = event.loaded / (event.total || 1);
    });
    request.addEventListener("load", () => this.answered(request, row));
    request.addEventListener("error", () => this.fail(row, this.words.wordsFailed));
    request.addEventListener("loadend", () => {
      this.busy -= 1;
      this.next();
    });
    row.abort = () => request.abort();
    row.isSending = true;
    request.send(body);
  }

  answered(request, row) {
    row.isSending = false;
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // A proxy's own page: too large, or away.
    }
    if (request.status !== 201) {
      const told = answer.code === "invalid" ? Object.values(answer.fields ?? {}).flat()[0] : answer.message;
      this.fail(row, told || (request.status === 413 ? this.words.wordsLarge : this.words.wordsFailed));
      return;
    }
    row.querySelector("progress").remove();
    const id = Object.assign(document.createElement("input"), { type: "hidden", name: "file_ids", value: answer.id });
    row.prepend(id);
  }

  fail(row, text) {
    row.isSending = false;
    row.classList.add("is-failed");
    row.querySelector("progress")?.remove();
    const place = row.querySelector("small");
    place.setAttribute("role", "alert");
    place.textContent = text;
  }

  press(event) {
    const button = event.target.closest("button");
    const row = button?.closest("[data-upload]");
    if (!row) return;
    event.preventDefault(); // without JavaScript the button sends the form
    if (button.matches("[data-upload-remove]")) {
      row.abort?.();
      const neighbour = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (neighbour?.querySelector("[data-upload-remove]") ?? this.input).focus();
      return;
    }
    if (button.matches("[data-upload-up]")) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    const visible = getComputedStyle(button).visibility !== "hidden";
    (visible ? button : row.querySelector("[data-upload-remove]")).focus();
  }

  hold(event) {
    if (![...this.list.children].some((row) => row.isSending)) return;
    event.preventDefault();
    this.say(this.words.wordsWait);
    event.submitter?.classList.remove("is-busy");
  }
}

export const tendUploads = (place) => new Uploads(place);
