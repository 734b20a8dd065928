// A part of a page that is asked for anew whenever something changes at the practice: `data-live` is where one hears of it,
// `data-page` what is asked for, since the page itself may be the answer to a form.
const AGAIN = 10_000;
const COALESCED = 200;

function keepFresh(part) {
  let wanted;
  let isFirst = true; // a stream that has just opened tells of a change, since nobody knows what was missed

  async function renew() {
    const response = await fetch(part.dataset.page ?? location.href).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!fresh || fresh.innerHTML === part.innerHTML) return;
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
    part.replaceChildren(...fresh.childNodes);
    if (focused) [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
    document.body.dispatchEvent(new Event("changed-here"));
  }

  function open() {
    const stream = new EventSource(part.dataset.live);
    stream.addEventListener("changed", () => {
      clearTimeout(wanted);
      if (!isFirst) wanted = setTimeout(renew, COALESCED);
      isFirst = false;
    });
    stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && setTimeout(open, AGAIN));
    addEventListener("pagehide", () => stream.close(), { once: true });
  }

  open();
  addEventListener("pageshow", (event) => event.persisted && open());
}

document.querySelectorAll("[data-live]").forEach(keepFresh);
