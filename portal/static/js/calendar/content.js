// What stands on a block: when, who, what, and its marks. A mark is a sign for the eye and a word for the ear.
import { minutesBetween, timeWords, wallOf } from "./wall.js";

const SHORT = 30; // minutes: two lines
const marks = document.getElementById("marks").content;

export function element(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

export function mark(name, word, isSaid = false) {
  const made = element("span", isSaid ? "badge" : "slip-mark");
  const sign = marks.querySelector(`[data-mark=${name}]`);
  if (sign) made.append(...sign.cloneNode(true).childNodes, " ");
  made.append(element("span", isSaid ? "" : "visually-hidden", word));
  if (!isSaid) made.title = word;
  return made;
}

export const marksOf = (row) =>
  [row.state, row.series && "series", row.overbooked && "overbooked"].filter((name) => name && name !== "booked");

export function contentOf({ event, view }, facts) {
  const { kind, row, words } = event.extendedProps;
  if (event.display === "background") return { domNodes: words ? [mark("closed", words, true)] : [] };
  if (kind === "closed") return { domNodes: [mark("closed", event.title || facts.words.closed, true)] };
  if (kind !== "appointment") return { domNodes: kind ? [mark("held", event.title, true)] : [] };
  const time = element("span", "slip-time", `${timeWords(wallOf(event.start), facts.hours)} `);
  if (view.type === "dayGridMonth") return { domNodes: [time, element("span", "slip-who", row.client)] };
  const names = [row.service, ...around(row, facts)];
  const signs = element("span", "slip-marks");
  signs.append(...marksOf(row).map((name) => mark(name, facts.words[name])));
  return { domNodes: [time, element("span", "slip-who", row.client), element("span", "slip-what", names.join(" · ")), signs] };
}

// Who, where and in which room, as far as the column does not say it.
export function around(row, facts) {
  const byDay = facts.view === "timeGridWeek";
  const who = facts.all.people > 1 && (facts.by !== "practitioner" || byDay) && facts.people.length > 1;
  const where = facts.all.places > 1 && (facts.by !== "place" || byDay);
  const rooms = facts.by !== "room" || byDay ? (row.rooms ?? []) : [];
  return [who && facts.names[row.practitioner], where && facts.names[row.place], ...rooms.map((ref) => facts.names[ref])].filter(Boolean);
}

export const isShort = (row) => minutesBetween(row.start, row.end) <= SHORT;
