// Beside a colour that is typed stands the browser's own way to choose one; both always say the same.
document.querySelectorAll("input[data-colour]").forEach((field) => {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "colour-picker";
  picker.setAttribute("aria-label", field.dataset.colour);

  picker.value = field.dataset.start ?? picker.value;

  const isWhole = () => /^#[0-9a-f]{6}$/i.test(field.value);
  const follow = () => {
    if (isWhole()) picker.value = field.value;
  };
  follow();
  field.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.after(picker);
});
