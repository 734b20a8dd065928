// The list below says what is drawn; it is the server's, and asked for again when something has changed.
const list = document.getElementById("as-list");

export async function renewList() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  renewRequests(page.getElementById("requests-line"));
  const fresh = page.getElementById("as-list");
  if (!fresh || fresh.innerHTML === list.innerHTML) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...fresh.childNodes);
  if (focused) [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}

// How many requests wait, above the calendar and beside the way to them.
function renewRequests(fresh) {
  const line = document.getElementById("requests-line");
  if (!line || !fresh || fresh.innerHTML === line.innerHTML || line.contains(document.activeElement)) return;
  line.replaceChildren(...fresh.childNodes);
  document.body.dispatchEvent(new Event("changed-here"));
}

// On a narrow page the list comes first, for the eye and for the keyboard.
export function orderBy(screen, drawn) {
  const order = () => (screen.matches ? list.before(drawn) : list.after(drawn));
  screen.addEventListener("change", order);
  order();
}
