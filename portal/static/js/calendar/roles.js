// The library gives its boxes the roles of a table without being one. What is drawn is a group of buttons, and the list
// below it says the same in order.
const OF_A_TABLE = ["table", "row", "rowgroup", "cell", "columnheader"].map((role) => `[role=${role}]`).join();

export function plainRoles(root, name) {
  const strip = () => {
    root.querySelectorAll(OF_A_TABLE).forEach((each) => {
      each.removeAttribute("role");
      each.removeAttribute("aria-colindex");
      each.removeAttribute("aria-colspan");
    });
    root.querySelectorAll(".ec-main:not([tabindex])").forEach((each) => {
      each.tabIndex = 0; // it scrolls, so the keyboard must be able to be in it
      each.setAttribute("role", "group");
      each.setAttribute("aria-label", name);
    });
    root.querySelectorAll("nav.ec-toolbar").forEach((each) => each.remove());
  };
  new MutationObserver(strip).observe(root, { childList: true, subtree: true, attributeFilter: ["role"] });
  strip();
}
