// What can be filled in is put where the cursor stands; without this file it is read and typed.
let last;

document.addEventListener("focusin", ({ target }) => {
  if (target.matches("[data-inserts] :is(input, textarea)")) last = target;
});

document.querySelectorAll("[data-insert]").forEach((word) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "choice fill";
  button.append(...word.childNodes);
  button.addEventListener("click", () => {
    const field = last?.isConnected ? last : document.querySelector("[data-inserts] textarea");
    field.setRangeText(word.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  word.replaceWith(button);
});
