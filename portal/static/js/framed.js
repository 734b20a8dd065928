// In a frame of another site the page tells how high it is, so that nobody scrolls twice; what lies outside the frame's
// own pages opens in a tab of its own, where it may.
const door = document.documentElement.dataset.framed;

function tell(arrived) {
  const carnetHeight = Math.ceil(document.querySelector(".page").getBoundingClientRect().height);
  parent.postMessage({ carnetHeight, carnetArrived: arrived }, "*");
}

if (door && parent !== window) {
  new ResizeObserver(() => tell(false)).observe(document.querySelector(".page"));
  tell(true);
}

if (door) {
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href]");
    const inside = link && link.origin === location.origin && link.pathname.startsWith(door);
    if (link && !inside && link.protocol.startsWith("http")) Object.assign(link, { target: "_blank", rel: "noopener" });
  }, { capture: true });
}
