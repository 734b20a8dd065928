// When a step is swapped in, say what it shows; when the swap fails, go there the plain way.
document.addEventListener("htmx:afterSettle", () => {
  const words = document.querySelector("[data-announce]");
  if (words) document.getElementById("announcer").textContent = words.textContent;
});

// What fills a part of a page, like a list found while one types, is no page to go to.
function goThere(event) {
  const { verb, path } = event.detail.requestConfig;
  if (verb === "get" && event.detail.boosted) location.assign(path);
}

document.addEventListener("htmx:responseError", goThere);
document.addEventListener("htmx:sendError", goThere);
