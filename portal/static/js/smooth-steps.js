// When a step is swapped in, say what it shows; when the swap fails, go there the plain way.
document.addEventListener("htmx:afterSettle", () => {
  const words = document.querySelector("[data-announce]");
  if (words) document.getElementById("announcer").textContent = words.textContent;
});

function goThere(event) {
  const { verb, path } = event.detail.requestConfig;
  if (verb === "get") location.assign(path);
}

document.addEventListener("htmx:responseError", goThere);
document.addEventListener("htmx:sendError", goThere);
