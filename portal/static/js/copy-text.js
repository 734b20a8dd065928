// A text to be pasted elsewhere is copied with one button; without this file it is marked and copied by hand.
document.querySelectorAll("button[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy");
    }
    document.getElementById("announcer").textContent = button.dataset.copied;
    button.lastChild.textContent = ` ${button.dataset.copied}`;
  });
});
