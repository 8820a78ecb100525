// A phone's keyboard covers the lower half of the page; the chat stays in the half that is left.
export const followKeyboard = () => {
  const seen = window.visualViewport;
  if (!seen) return;
  const fit = () => {
    // Whoever enlarges the page with two fingers wants a part of it, not a smaller page.
    const height = seen.scale === 1 ? `${Math.round(seen.height)}px` : "";
    document.documentElement.style.setProperty("--seen-height", height);
    if (seen.scale === 1) window.scrollTo(0, 0);
  };
  seen.addEventListener("resize", fit);
  fit();
};
