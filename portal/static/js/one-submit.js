// A second click must not send a form twice. The button stays enabled, because a disabled one would not send its value;
// a page that comes back from the back/forward cache may send again, and so may one whose answer never came.
const patience = 10_000;
const sent = new Map();

function release(form) {
  clearTimeout(sent.get(form)?.timer);
  sent.get(form)?.button?.removeAttribute("aria-disabled");
  sent.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  event.submitter?.setAttribute("aria-disabled", "true");
  sent.set(form, { button: event.submitter, timer: setTimeout(release, patience, form) });
}, { capture: true });

addEventListener("pageshow", (event) => {
  if (event.persisted) [...sent.keys()].forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => release(event.target));
