// A long text in the feed is clipped, with a button to read on; without JavaScript it is simply all there.
const MOST = 340;

export const foldLongTexts = (root) => {
  root.querySelectorAll(".post-text.is-folded[data-fold]").forEach((text) => {
    text.classList.remove("is-folded");
    if (text.scrollHeight <= MOST) return;
    const button = text.parentElement.querySelector("[data-unfold]");
    text.classList.add("is-clipped");
    button.hidden = false;
    const open = () => {
      text.classList.remove("is-clipped");
      button.hidden = true;
    };
    button.addEventListener("click", () => {
      open();
      text.tabIndex = -1;
      text.focus({ preventScroll: true });
    });
    // Whoever walks to a link by the keyboard must see where the focus is.
    text.addEventListener("focusin", open);
  });
};
