// Pages with posts: what was seen is told to the server, pictures open large, long texts unfold, drafts are kept.
import { openGalleries } from "./gallery.js";
import { foldLongTexts } from "./folding.js";
import { watchPosts } from "./seen.js";
import { tendForms } from "./writing.js";

const tend = (root) => {
  watchPosts(root);
  foldLongTexts(root);
};

openGalleries();
tendForms();
tend(document);
document.addEventListener("htmx:load", (event) => tend(event.detail.elt));
