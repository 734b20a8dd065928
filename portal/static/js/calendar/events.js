// From the feed to what is drawn: appointments and holds, and behind them closed hours, closures and buffers.
import { later } from "./wall.js";

// What is over stays where it was; putting a request elsewhere agrees to it, which no slip of the hand should do.
const FIXED = new Set(["completed", "missed", "requested"]);

// `facts` are the page's, see portal/staff/book/drawn.py.
export function eventsOf(feed, facts) {
  const isMonth = facts.view === "dayGridMonth";
  const shown = (row) => facts.people.includes(row.practitioner) && facts.places.includes(row.place);
  const appointments = feed.appointments.filter((row) => row.state !== "cancelled").filter(shownAlsoElsewhere(facts));
  const holds = feed.holds.filter(shown);
  const drawn = [...appointments.map((row) => appointment(row, facts)), ...holds.map((row) => hold(row, facts))];
  if (isMonth) return [...drawn, ...feed.closures.filter((row) => isForAll(row, facts)).map(closedDays)];
  const behind = [...appointments, ...holds].flatMap((row) => buffers(row, facts));
  return [...drawn, ...shut(feed.openings.filter(shown), facts), ...behind, ...closures(feed.closures, facts)];
}

// An appointment at a place that is not kept any more stays in the book unless a place was chosen.
const shownAlsoElsewhere = (facts) => (row) =>
  facts.people.includes(row.practitioner) &&
  (facts.places.includes(row.place) || (facts.places.length === facts.all.places && !(row.place in facts.names)));

const NO_ROOM = "none";

// Whoever needs a room and a thing stands in both columns.
function columnsOf(row, facts) {
  if (facts.by !== "room") return [row[facts.by]];
  const rooms = (row.rooms ?? []).filter((ref) => ref in facts.rooms);
  return rooms.length ? rooms : [NO_ROOM];
}

function appointment(told, facts) {
  const row = { ...told, client: told.client || facts.words.nobody }; // of a record that was erased
  return {
    id: row.ref,
    start: row.start,
    end: row.end,
    resourceIds: columnsOf(row, facts),
    title: row.client,
    editable: !FIXED.has(row.state),
    classNames: ["is-booked", `tone-${row.tone}`, `is-${row.state}`],
    extendedProps: { kind: "appointment", row },
  };
}

function hold(row, facts) {
  return {
    start: row.start,
    end: row.end,
    resourceIds: columnsOf(row, facts),
    title: row.offered_to ? facts.words.offered.replace("{name}", row.offered_to) : facts.words.held,
    editable: false,
    classNames: ["is-held", "tone-0"],
    extendedProps: { kind: "held" },
  };
}

function buffers(row, facts) {
  const spans = [
    [later(row.start, -(row.before ?? 0)), row.start],
    [row.end, later(row.end, row.after ?? 0)],
  ];
  return spans.filter(([start, end]) => start < end).map(([start, end]) => behind(start, end, columnsOf(row, facts), "is-buffer"));
}

const isForAll = (row, facts) =>
  (!row.practitioner || String(facts.people) === row.practitioner) && (!row.place || String(facts.places) === row.place);

// In the columns that a closure closes; where columns are days, only what leaves nobody at work.
function closures(rows, facts) {
  const byDay = facts.view === "timeGridWeek";
  return rows.flatMap((row) => {
    const whole = { practitioner: !row.practitioner || String(facts.people) === row.practitioner };
    whole.place = !row.place || String(facts.places) === row.place;
    const others = Object.keys(whole).filter((name) => name !== facts.by && !(name === "place" && facts.by === "room"));
    if (others.some((name) => !whole[name])) return [];
    const columns = facts.columns.map((column) => column.id).filter((id) => isIn(row, id, facts));
    if (byDay ? !isForAll(row, facts) : columns.length === 0) return [];
    const words = [facts.words.closed, row.reason].filter(Boolean).join(" · ");
    return [behind(row.start, row.end, columns, "is-closure", { kind: "closed", words })];
  });
}

// Whether a closure, or an opening, is about that column. Whoever has no room is at any of the places.
function isIn(row, column, facts) {
  if (facts.by !== "room") return !row[facts.by] || row[facts.by] === column;
  return !row.place || (column === NO_ROOM ? String(facts.places) === row.place : facts.rooms[column] === row.place);
}

function closedDays(row) {
  return {
    start: row.start,
    end: row.end,
    title: row.reason,
    editable: false,
    classNames: ["is-closure"],
    extendedProps: { kind: "closed" },
  };
}

// What is left of each day and column once its opening hours are taken off.
function shut(openings, facts) {
  const columns = facts.view === "timeGridWeek" ? [null] : facts.columns.map((column) => column.id);
  const spans = Object.keys(facts.days).flatMap((day) =>
    columns.flatMap((column) => {
      const open = openings.filter((row) => row.start.startsWith(day) && (column === null || isOpenIn(row, column, facts)));
      return rest(day, open.map((row) => [row.start, row.end]).sort()).map((span) => [...span, column]);
    }),
  );
  return spans.map(([start, end, column]) => behind(start, end, column === null ? [] : [column], "is-shut"));
}

const isOpenIn = (row, column, facts) => (facts.by === "room" && column === NO_ROOM) || isIn(row, column, facts);

function rest(day, open) {
  const ends = later(`${day}T00:00`, 24 * 60);
  const left = [];
  let since = `${day}T00:00`;
  for (const [from, until] of open) {
    if (since < from) left.push([since, from]);
    if (since < until) since = until;
  }
  return since < ends ? [...left, [since, ends]] : left;
}

const behind = (start, end, resourceIds, className, extendedProps = {}) => ({
  start,
  end,
  resourceIds,
  display: "background",
  classNames: [className],
  extendedProps,
});
