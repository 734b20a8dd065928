// A chosen photo is shown at once; `file-chosen.js` has told by then whether it is too large.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[data-photo-chosen]") || !field.files.length) return;
  field.form.requestSubmit(field.form.querySelector("button"));
});
