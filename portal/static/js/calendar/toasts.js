// What has just happened, said to the ear and shown with what can be done about it.
const LASTS = 10_000;
const place = document.getElementById("toasts");
const template = document.getElementById("a-toast").content;
const announcer = document.getElementById("announcer");
const alarm = document.getElementById("alarm");

// `undo` takes it back; the time stands still while the pointer or the focus is on it.
export function tell(words, undo = null) {
  announcer.textContent = words;
  const toast = made(words);
  const button = toast.querySelector("[data-undo]");
  button.hidden = !undo;
  button.addEventListener("click", () => {
    toast.remove();
    undo();
  });
  toast.querySelector("[data-insist]").remove();
  show(toast, LASTS);
}

// Stays until it is closed. `insist` is called with the reason, where the rule leaves it to whoever asks.
export function refuse(words, insist = null) {
  alarm.textContent = "";
  const toast = made(words);
  toast.classList.add("is-danger");
  toast.querySelector("[data-undo]").remove();
  const form = toast.querySelector("[data-insist]");
  if (insist) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      toast.remove();
      insist(new FormData(form).get("why"));
    });
  } else form.remove();
  show(toast);
  requestAnimationFrame(() => (alarm.textContent = words)); // said again, even when the words are the same
}

// Nodes that the server has made, like the confirmation of a booking.
export function lay(nodes) {
  const toast = made("");
  toast.querySelector("[data-undo]").remove();
  toast.querySelector("[data-insist]").remove();
  toast.querySelector("[data-words]").replaceWith(...nodes);
  announcer.textContent = toast.innerText;
  show(toast, LASTS);
}

function made(words) {
  const toast = template.cloneNode(true).firstElementChild;
  toast.querySelector("[data-words]").textContent = words;
  toast.querySelector("[data-close]").addEventListener("click", () => toast.remove());
  return toast;
}

function show(toast, lasts) {
  place.replaceChildren(toast);
  if (!lasts) return;
  let timer;
  const run = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.matches(":hover, :focus-within") || toast.remove(), lasts);
  };
  ["pointerenter", "focusin"].forEach((kind) => toast.addEventListener(kind, () => clearTimeout(timer)));
  ["pointerleave", "focusout"].forEach((kind) => toast.addEventListener(kind, run));
  run();
}
