// Mail programs copy codes with spaces or words around them: keep the six digits.
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("input[autocomplete='one-time-code']")) return;
  const digits = field.value.replace(/\D/g, "").slice(0, 6);
  if (digits !== field.value) field.value = digits;
});
