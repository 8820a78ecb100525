// How many messages wait, in the page's title and on its icon in the tab.
const SIZE = 64;

const original = document.title;
const link = document.querySelector('link[rel="icon"]');
const plain = link?.href;
let drawn = null;

const withDot = async () => {
  const image = new Image();
  image.src = plain;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  pen.fillStyle = "#fff";
  pen.beginPath();
  pen.arc(SIZE - 16, 16, 16, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#d02a1e";
  pen.beginPath();
  pen.arc(SIZE - 16, 16, 12, 0, 2 * Math.PI);
  pen.fill();
  return canvas.toDataURL("image/png");
};

let name = null;
// The open chat's name takes the place of «Чаты» in the title.
export const nameOf = (title) => { name = title; };

export const showWaiting = (count) => {
  const rest = original.split(" · ").slice(1);
  const title = name ? [name, ...rest].join(" · ") : original;
  document.title = count ? `(${count > 99 ? "99+" : count}) ${title}` : title;
  navigator.setAppBadge?.(count).catch(() => {});
  if (!link || drawn === count > 0) return;
  drawn = count > 0;
  if (!drawn) link.href = plain;
  else withDot().then((picture) => { if (drawn) link.href = picture; }).catch(() => {});
};
