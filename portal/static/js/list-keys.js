// From a search field the arrows lead down the list that it finds, and back up.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const form = document.querySelector("form[data-list-keys]");
  const field = form?.querySelector("[type=search]");
  if (!field) return;
  const links = [...document.querySelectorAll(`${form.dataset.listKeys} .entries h2 a`)];
  const stops = [field, ...links];
  const here = stops.indexOf(document.activeElement);
  const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
  if (here < 0 || !next) return;
  event.preventDefault();
  next.focus();
});
