// What every request of these pages carries. The cookie knows of a sign-in in another tab since the page was made.
const token = () => /(?:^|; )csrftoken=(\w+)/.exec(document.cookie)?.[1]
  ?? JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

export const headers = () => ({ "X-CSRFToken": token(), "Accept-Language": document.documentElement.lang });
