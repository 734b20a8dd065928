// After a refused form, the summary takes focus, so that it is the first thing read and the fields are one key away.
function focusSummary(root) {
  root.querySelector("#errors")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#errors a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  }
});

focusSummary(document);
document.addEventListener("htmx:load", (event) => focusSummary(event.target));
