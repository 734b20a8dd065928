// Runs in a practice's own site, named by its address there: puts the booking pages where its tag stands, as high as
// they are. Options are the tag's data: lang, colour, service, title. Sends and keeps nothing.
(() => {
  const tag = document.currentScript;
  const address = new URL("embed", tag.src);
  for (const name of ["lang", "colour", "service"]) {
    if (tag.dataset[name]) address.searchParams.set(name, tag.dataset[name]);
  }

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = tag.dataset.title || "Carnet";
  frame.style.cssText = "display: block; inline-size: 100%; block-size: 40rem; border: 0; color-scheme: normal;";
  tag.after(frame);

  let steps = 0;
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== address.origin || typeof data?.carnetHeight !== "number") return;
    frame.style.blockSize = `${Math.min(Math.max(data.carnetHeight, 200), 20000)}px`;
    if (!data.carnetArrived) return;
    steps += 1;
    if (steps > 1 && frame.getBoundingClientRect().top < 0) frame.scrollIntoView({ block: "start" });
  });
})();
