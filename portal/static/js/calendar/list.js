// The list below says what is drawn; it is the server's, and asked for again when something has changed.
const list = document.getElementById("as-list");

export async function renewList() {
  const response = await fetch(location.href).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById("as-list");
  if (!fresh || fresh.innerHTML === list.innerHTML) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...fresh.childNodes);
  if (focused) [...list.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}

// On a narrow page the list comes first, for the eye and for the keyboard.
export function orderBy(screen, drawn) {
  const order = () => (screen.matches ? list.before(drawn) : list.after(drawn));
  screen.addEventListener("change", order);
  order();
}
