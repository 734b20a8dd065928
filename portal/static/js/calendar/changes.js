// Hears of changes made elsewhere. The stream tells of one whenever it opens, so after a loss nothing is missed.
const PATIENCE = 3_000;
const AGAIN = 10_000;

export function hear(address, changed) {
  const line = document.getElementById("lost");
  let lost;
  let stream;

  function open() {
    stream = new EventSource(address);
    stream.addEventListener("changed", changed);
    stream.addEventListener("open", () => {
      clearTimeout(lost);
      lost = undefined;
      line.hidden = true;
    });
    stream.addEventListener("error", () => {
      lost ??= setTimeout(() => (line.hidden = false), PATIENCE);
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, AGAIN); // refused: the browser does not try again
    });
  }

  open();
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => event.persisted && open());
}
