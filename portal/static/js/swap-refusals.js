// A sheet that was refused comes back with what was typed and the words beside it, so it is shown like any answer.
const refused = new Set([409, 422]);

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.elt.closest("#sheet") || !refused.has(event.detail.xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
