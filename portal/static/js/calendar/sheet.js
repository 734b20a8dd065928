// The sheet that books on free time: the server's own form in a dialog. Whatever cannot be opened here is gone to.
import { lay } from "./toasts.js";

const dialog = document.getElementById("sheet-dialog");
const place = document.getElementById("sheet-place");
const AGAIN = new Set([409, 422]); // the form once more, with what stands in the way

export async function openSheet(address, otherwise) {
  const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected) return location.assign(otherwise);
  place.innerHTML = await response.text();
  window.htmx.process(place);
  dialog.showModal();
  place.querySelector("[autofocus], input:not([type=hidden]), select, button")?.focus();
}

// `done` is called once something has been booked.
export function hearBookings(done) {
  let isBooked = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!dialog.contains(detail.target) || !AGAIN.has(detail.xhr.status)) return;
    detail.shouldSwap = true;
    detail.isError = false;
  });
  document.addEventListener("booked", () => {
    isBooked = dialog.open;
    done();
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!isBooked) return;
    isBooked = false;
    const nodes = [...place.childNodes];
    dialog.close();
    lay(nodes);
  });
  dialog.addEventListener("close", () => place.replaceChildren());
}
