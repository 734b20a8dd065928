// Tells how long the chosen time is still kept: in figures for the eye every second, in words for the ear only at two
// minutes, at thirty seconds and at the end. Counted from the page's arrival, so a wrong clock on the device is no matter.
const spokenAt = [120, 30, 0];

function count(countdown) {
  const arrived = Date.now();
  const total = Number(countdown.dataset.seconds);
  const figures = countdown.querySelector("[data-figures]");
  const told = countdown.querySelector("[data-told]");
  const counted = countdown.querySelector("[data-counted]");
  const spoken = countdown.querySelector("[role=status]");
  let before = total;

  function end() {
    clearInterval(timer);
    counted.hidden = true;
    told.hidden = false;
    told.textContent = countdown.dataset.at0;
  }

  function tick() {
    const left = Math.max(0, Math.ceil(total - (Date.now() - arrived) / 1000));
    figures.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    const due = spokenAt.findLast((seconds) => left <= seconds && seconds < before);
    if (due !== undefined) spoken.textContent = countdown.dataset[`at${due}`];
    countdown.classList.toggle("is-short", left <= 30);
    before = left;
    if (left === 0) end();
  }

  told.hidden = true;
  counted.hidden = false;
  const timer = setInterval(tick, 1000);
  tick();
}

document.querySelectorAll("[data-countdown]").forEach(count);
