// A chosen photo is shown at once; one that is too large is said so before minutes are spent on sending it.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[data-photo-chosen]")) return;
  const [file] = field.files;
  field.setCustomValidity(file?.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "");
  if (file) field.form.requestSubmit(field.form.querySelector("button"));
});
