// A file that is too large is said so before minutes are spent on sending it. Photos have their own way.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.matches("input[type=file][data-largest]:not([data-photo-chosen])")) return;
  const [file] = field.files;
  field.setCustomValidity(file?.size > Number(field.dataset.largest) ? field.dataset.tooLarge : "");
  field.reportValidity();
});
