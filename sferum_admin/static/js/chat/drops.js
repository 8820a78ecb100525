// Files dropped anywhere on the conversation.
import { say } from "./data.js";
import { icon, make } from "./dom.js";

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");

// A file that misses the place must not take the page's place.
["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => { if (hasFiles(event)) event.preventDefault(); }));

// mayDrop(); dropped(files)
export const watchDrops = (element, { mayDrop, dropped }) => {
  const shade = make(".chat-drop", { hidden: true }, icon("upload"), make("span", {}, say("drop_files_here")));
  element.append(shade);
  // Each element inside is entered before the one before it is left.
  let depth = 0;
  const leave = () => {
    depth = 0;
    shade.hidden = true;
  };
  element.addEventListener("dragenter", (event) => {
    if (!hasFiles(event) || !mayDrop()) return;
    depth += 1;
    shade.hidden = false;
  });
  element.addEventListener("dragleave", () => {
    depth -= 1;
    if (depth <= 0) leave();
  });
  element.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    leave();
    dropped([...event.dataTransfer.files]);
  });
};
