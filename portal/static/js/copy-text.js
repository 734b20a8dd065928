// Copying needs a script, so without one there is no button, and the text is marked by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    words.textContent = button.dataset.copied;
    const announcer = document.getElementById("announcer");
    if (announcer) announcer.textContent = button.dataset.copied;
    setTimeout(() => { words.textContent = before; }, 3000);
  });
});
