// The list of where else one can be closes as lists do: by Escape, and when one turns to something else.
const menus = () => document.querySelectorAll("details.where[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const turned of ["click", "focusin"]) {
  document.addEventListener(turned, (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
}
