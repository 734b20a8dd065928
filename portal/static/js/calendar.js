// The drawn calendar of a practice's desk. The page below it is a list that works without: what is dragged here can be
// done there by a form, and both knock on the same doors.
import { createCalendar, DayGrid, Interaction, ResourceTimeGrid, TimeGrid } from "@event-calendar/core";
import { focusAgain, showCard } from "./calendar/card.js";
import { hear } from "./calendar/changes.js";
import { contentOf, isShort } from "./calendar/content.js";
import { doorsOf } from "./calendar/doors.js";
import { eventsOf } from "./calendar/events.js";
import { orderBy, renewList } from "./calendar/list.js";
import { plainRoles } from "./calendar/roles.js";
import { hearBookings, openSheet } from "./calendar/sheet.js";
import { refuse, tell } from "./calendar/toasts.js";
import { instant, iso, minutesBetween, timeWords, wallOf } from "./calendar/wall.js";

const paper = document.getElementById("calendar");
const facts = JSON.parse(paper.dataset.calendar);
const { post, at } = doorsOf(facts);
const isMonth = facts.view === "dayGridMonth";
const COALESCED = 120;
const A_MINUTE = 60_000;
let offsets = [["", 0]];
let busy = 0; // hands on a block, and answers still awaited
let wanted;
let drawn = ""; // the feed as it stands on the paper
let asked = 0;

async function renew() {
  const number = ++asked;
  const response = await fetch(facts.feed).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const text = await response.text();
  if (number !== asked || busy || text === drawn) return;
  drawn = text;
  const feed = JSON.parse(text);
  offsets = feed.offsets;
  const focused = document.activeElement.closest("[data-ref]")?.dataset.ref;
  calendar.setOption("events", eventsOf(feed, facts));
  paper.dataset.drawn = number; // for whoever waits to see it
  requestAnimationFrame(() => focusAgain(focused));
}

// Several reasons to look again are one look; while a block is held the paper stays as it is.
function renewSoon() {
  clearTimeout(wanted);
  wanted = setTimeout(() => (busy ? renewSoon() : (renew(), renewList())), COALESCED);
}

// Posts, tells what came of it, and offers to take it back or to insist. False when it was refused.
async function act(address, fields) {
  busy += 1;
  const { ok, answer } = await post(address, { tell: document.getElementById("tell").checked ? "yes" : "no", ...fields });
  busy -= 1;
  if (ok) {
    tell(answer.said, answer.undo && (() => takeBack(answer.undo)));
  } else {
    const { insist } = answer;
    refuse(answer.refusal, insist && ((why) => act(address, { ...fields, why, insist: [...(fields.insist ?? []), insist] })));
  }
  renewSoon();
  return ok;
}

async function takeBack({ address, fields }) {
  const { ok, answer } = await post(address, fields);
  if (ok) tell(answer.said ?? facts.words.undone);
  else refuse(answer.refusal);
  renewSoon();
}

// The start stays the very instant that it was where only the length or the column changed: on the night when an hour
// comes twice its wall time would not tell which. Lengths are elapsed minutes.
async function put({ event, oldEvent, oldResource, newResource, revert }) {
  const { row } = event.extendedProps;
  const start = wallOf(event.start);
  const moved = start !== wallOf(oldEvent.start);
  const longer = minutesBetween(wallOf(oldEvent.end), wallOf(event.end)) - minutesBetween(wallOf(oldEvent.start), start);
  const begins = moved ? instant(start, offsets) : row.at;
  const fields = { start: iso(begins), seen: row.sequence };
  if (longer) fields.end = iso(begins + (row.until - row.at) + longer * 60);
  const intoRoom = newResource && facts.by === "room";
  if (newResource && !intoRoom) fields[facts.by] = newResource.id;
  drawn = ""; // the block stands where it was let go, not where the feed had it
  if (intoRoom && !(await toRoom(row, oldResource, newResource, moved || longer ? fields : undefined))) revert();
  else if (!intoRoom && !(await act(at(row.ref, "placement"), fields))) revert();
}

// A room is given after the time, if that has changed, too: the book gives out rooms anew when somebody moves.
async function toRoom(row, from, to, placement) {
  if (!(to.id in facts.rooms && from.id in facts.rooms)) {
    refuse(facts.words.keeps);
    return false;
  }
  if (placement && !(await act(at(row.ref, "placement"), placement))) return false;
  const done = await act(at(row.ref, "room"), { resource: to.id, ...(placement ? {} : { seen: row.sequence }) });
  return done || Boolean(placement);
}

function book({ start, end, resource }) {
  const wall = wallOf(start);
  const fields = new URLSearchParams({ start: iso(instant(wall, offsets)) });
  if (end) fields.set("end", iso(instant(wallOf(end), offsets)));
  const chosen = { practitioner: facts.people, place: facts.places };
  Object.entries(chosen).forEach(([name, refs]) => refs.length === 1 && fields.set(name, refs[0]));
  if (resource && facts.by !== "room") fields.set(facts.by, resource.id);
  if (resource && facts.rooms[resource.id]) fields.set("place", facts.rooms[resource.id]);
  const page = `${facts.desk}/appointments/new?${new URLSearchParams({ day: wall.slice(0, 10) })}`;
  return openSheet(`${facts.desk}/appointments/sheet?${fields}`, page).finally(() => calendar.unselect());
}

function goToDay(date) {
  const address = new URL(location.href);
  address.searchParams.set("view", "day");
  address.searchParams.set("day", wallOf(date).slice(0, 10));
  location.assign(address);
}

const held = { eventDragStart: () => (busy += 1), eventDragStop: () => (busy -= 1) };
const pulled = { eventResizeStart: () => (busy += 1), eventResizeStop: () => (busy -= 1) };
const dayName = (date) => facts.days[wallOf(date).slice(0, 10)]?.[0] ?? "";
const inMonth = {
  dayHeaderFormat: (date) => facts.weekdays[(date.getDay() - facts.first_weekday + 7) % 7],
  dayMaxEvents: true,
  moreLinkContent: ({ num }) => facts.words.more.replace("{n}", num),
  dayPopoverFormat: (date) => facts.days[wallOf(date).slice(0, 10)]?.[1] ?? "",
};

const calendar = createCalendar(paper, [DayGrid, Interaction, ResourceTimeGrid, TimeGrid], {
  view: facts.view,
  date: facts.day,
  timeZone: facts.offset,
  firstDay: facts.first_weekday,
  headerToolbar: { start: "", center: "", end: "" },
  buttonText: (texts) => ({ ...texts, close: document.querySelector("#a-toast").content.querySelector("[data-close]").innerText }),
  resources: facts.columns,
  events: [],
  allDaySlot: false,
  nowIndicator: true,
  slotDuration: "00:30:00",
  slotHeight: 44,
  slotMinTime: facts.opens,
  slotMaxTime: facts.closes,
  flexibleSlotTimeLimits: { eventFilter: (event) => event.display === "auto" },
  snapDuration: "00:15:00",
  slotEventOverlap: false,
  slotLabelFormat: (date) => timeWords(wallOf(date), facts.hours),
  slotLabelInterval: "01:00:00",
  scrollTime: facts.opens,
  dayHeaderFormat: dayName,
  dayHeaderAriaLabelFormat: (date) => facts.days[wallOf(date).slice(0, 10)]?.[1] ?? "",
  columnWidth: facts.view === "timeGridWeek" ? "minmax(6rem, 1fr)" : "minmax(9rem, 1fr)",
  editable: true,
  eventDurationEditable: !isMonth,
  selectable: !isMonth,
  longPressDelay: 500,
  eventContent: (info) => contentOf(info, facts),
  eventClassNames: ({ event }) => (event.extendedProps.row && isShort(event.extendedProps.row) ? ["is-short"] : []),
  eventTimeFormat: (start, end) => [start, end].filter(Boolean).map((date) => timeWords(wallOf(date), facts.hours)).join(" – "),
  eventDidMount: ({ el, event }) => event.extendedProps.row && (el.dataset.ref = event.id),
  eventClick: ({ el, event }) => {
    const { row } = event.extendedProps;
    if (row) showCard(el, row, facts, (door, fields) => act(at(row.ref, door), fields));
  },
  eventDrop: put,
  eventResize: put,
  dateClick: (info) => (isMonth ? goToDay(info.date) : book({ start: info.date, resource: info.resource })),
  select: book,
  ...held,
  ...pulled,
  ...(isMonth ? inMonth : {}),
});

plainRoles(paper, paper.getAttribute("aria-label"));
orderBy(matchMedia("(min-width: 48rem)"), document.getElementById("drawn"));
hearBookings(renewSoon);
hear(`${facts.desk}/changes`, renewSoon);
setInterval(() => document.hidden || renewSoon(), A_MINUTE); // should a change ever have been told to nobody
renew();
