// A file that is too large is said so before minutes are spent on sending it.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-largest]")) return;
  const [file] = field.files;
  field.setCustomValidity(file?.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "");
  if (!field.validity.valid) field.reportValidity();
});
