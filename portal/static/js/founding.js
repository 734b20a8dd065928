// What a new practice's form can know by itself: the browser's zone, an address made of the name, an example's words.
const folded = { ß: "ss", æ: "ae", œ: "oe" };

function slugOf(name) {
  const plain = name.toLowerCase().replace(/[ßæœ]/g, (letter) => folded[letter]);
  const words = plain.normalize("NFKD").replace(/\p{M}/gu, "").match(/[a-z0-9]+/g) ?? [];
  return words.reduce((slug, word) => {
    const longer = slug ? `${slug}-${word}` : word.slice(0, 40);
    return longer.length > 40 ? slug : longer;
  }, "");
}

const zone = document.querySelector("[data-guess-zone]");
if (zone && !zone.value) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === own)) zone.value = own;
}

const slug = document.querySelector("[data-slug]");
const name = document.querySelector("[data-slug-from]");
if (slug && name) {
  let ours = slug.value === "" || slug.value === slugOf(name.value);
  slug.addEventListener("input", () => { ours = slug.value === ""; });
  name.addEventListener("input", () => { if (ours) slug.value = slugOf(name.value); });
}

document.addEventListener("click", (event) => {
  const example = event.target.closest("a[data-fills]");
  if (!example) return;
  event.preventDefault();
  const { elements } = example.closest("form");
  for (const [field, value] of Object.entries(JSON.parse(example.dataset.fills))) elements[field].value = value;
  elements.price?.focus();
});
