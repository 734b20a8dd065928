// The practice's wall clock. A wall time is a text like 2026-11-24T09:30 and knows no zone: arithmetic on it is done as
// if it were UTC, whatever zone this browser is in, and only `instant` says when it comes.
const MINUTE = 60_000;

const reckoned = (wall) => Date.parse(`${wall.slice(0, 16)}Z`);

export const wallOf = (date) => {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
};

export const later = (wall, minutes) => new Date(reckoned(wall) + minutes * MINUTE).toISOString().slice(0, 16);

export const minutesBetween = (first, second) => (reckoned(second) - reckoned(first)) / MINUTE;

// `offsets` as the feed gives them: seconds from UTC, each from a wall time on. In seconds since 1970.
export function instant(wall, offsets) {
  const [, offset] = offsets.findLast(([since]) => since <= wall) ?? offsets[0];
  return reckoned(wall) / 1000 - offset;
}

export const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "+00:00");

// As the reader's own displays write it: `hours` are each hour's full form, and the one with {} for its minutes.
export function timeWords(wall, hours) {
  const [full, other] = hours[Number(wall.slice(11, 13))];
  const minutes = wall.slice(14, 16);
  return minutes === "00" ? full : other.replace("{}", minutes);
}
