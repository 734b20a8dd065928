// A column of a file can be dragged onto the field that it is; the select in that field is the same choice.
const form = document.querySelector("form[data-column-drag]");

if (form && matchMedia("(pointer: fine)").matches) {
  form.querySelector("[data-drag-hint]").hidden = false;
  for (const card of form.querySelectorAll("[data-column]")) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("text/plain", card.dataset.column);
      event.dataTransfer.effectAllowed = "link";
    });
  }
  for (const select of form.querySelectorAll("select")) {
    const field = select.closest(".field");
    field.addEventListener("dragover", (event) => {
      event.preventDefault();
      field.classList.add("is-target");
    });
    field.addEventListener("dragleave", () => field.classList.remove("is-target"));
    field.addEventListener("drop", (event) => {
      event.preventDefault();
      field.classList.remove("is-target");
      select.value = event.dataTransfer.getData("text/plain");
      select.focus();
    });
  }
}
