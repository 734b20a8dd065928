// A card beside the block that was pressed: what is known at a glance, and what is done most often.
import { mark, marksOf } from "./content.js";
import { timeWords } from "./wall.js";

const card = document.getElementById("card");
const template = document.getElementById("a-card").content;
const MARGIN = 8;

// `act` posts to one of the appointment's doors and tells what came of it.
export function showCard(block, row, facts, act) {
  const page = `${facts.desk}/appointments/${row.ref}`;
  if (!card.showPopover) return location.assign(page); // Safari 16
  const content = template.cloneNode(true);
  const find = (name) => content.querySelector(`[data-${name}]`);
  const span = [row.start, row.end].map((wall) => timeWords(wall, facts.hours)).join(" – ");
  const day = facts.days[row.start.slice(0, 10)]?.[1];
  find("client").textContent = row.client;
  find("when").textContent = [day, span].filter(Boolean).join(", ");
  find("what").textContent = row.service;
  find("where").textContent = [row.practitioner, row.place, ...(row.rooms ?? [])].map((ref) => facts.names[ref]).filter(Boolean).join(" · ");
  find("badges").append(...marksOf(row).map((name) => mark(name, facts.words[name], true)));
  find("open").href = page;
  find("move").href = `${page}/placement`;
  content.querySelectorAll("[data-note]").forEach((button) => {
    button.hidden = row.state === button.dataset.note || (button.dataset.note !== "arrived" && row.at * 1000 > Date.now());
    button.addEventListener("click", () => done(() => act("attendance", { what: button.dataset.note })));
  });
  const asked = row.state === "requested"; // accepted or declined on its page, with all that is known of it
  find("attendance").hidden = find("cancel").hidden = asked;
  if (asked) find("move").hidden = true;
  find("cancel").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = new FormData(event.target).get("reason");
    done(() => act("cancellation", { reason }));
  });
  content.querySelector("[data-close]").addEventListener("click", () => card.hidePopover());
  card.replaceChildren(content);
  card.dataset.of = row.ref;
  card.showPopover();
  beside(block);
  document.getElementById("card-client").focus();
}

// On the block as it is drawn now: it may have been drawn anew in the meantime.
export function focusAgain(ref) {
  if (ref && document.activeElement === document.body) document.querySelector(`[data-ref="${ref}"]`)?.focus();
}

card.addEventListener("toggle", ({ newState }) => newState === "closed" && focusAgain(card.dataset.of));

function done(then) {
  card.hidePopover();
  then();
}

function beside(block) {
  const from = block.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const right = from.right + MARGIN;
  const left = right + width + MARGIN < innerWidth ? right : from.left - width - MARGIN;
  const top = Math.min(from.top, innerHeight - height - MARGIN);
  card.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  card.style.top = `${Math.max(MARGIN, top)}px`;
}
