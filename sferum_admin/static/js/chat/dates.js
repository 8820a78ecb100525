// Dates as people say them, in the organization's clock and not in the device's.
import { data, say } from "./data.js";

const format = (options) => new Intl.DateTimeFormat(data.language, { timeZone: data.zone, ...options });
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const key = new Intl.DateTimeFormat("en-CA", { timeZone: data.zone, year: "numeric", month: "2-digit", day: "2-digit" });
const day = format({ day: "numeric", month: "long" });
const dayAndYear = format({ day: "numeric", month: "long", year: "numeric" });
const shortDay = format({ day: "numeric", month: "short" });
const digits = format({ day: "2-digit", month: "2-digit", year: "numeric" });

// «2025-09-15» in the organization's clock.
export const dayKey = (moment) => key.format(moment instanceof Date ? moment : new Date(moment));
export const timeOf = (iso) => clock.format(new Date(iso));

const DAY = 86_400_000;
const nearDay = (iso) => {
  const given = dayKey(iso);
  if (given === dayKey(new Date())) return say("today");
  return given === dayKey(new Date(Date.now() - DAY)) ? say("yesterday") : null;
};
const isThisYear = (iso) => dayKey(iso).slice(0, 4) === dayKey(new Date()).slice(0, 4);

export const dayTitle = (iso) => nearDay(iso) ?? (isThisYear(iso) ? day : dayAndYear).format(new Date(iso));
export const fullMoment = (iso) => say("day_at_time", { day: dayTitle(iso), time: timeOf(iso) });
export const shortMoment = (iso) => {
  if (dayKey(iso) === dayKey(new Date())) return timeOf(iso);
  return nearDay(iso) ?? (isThisYear(iso) ? shortDay : digits).format(new Date(iso));
};

const wall = new Intl.DateTimeFormat("en-CA", {
  timeZone: data.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const shownAt = (moment) => {
  const part = Object.fromEntries(wall.formatToParts(moment).map(({ type, value }) => [type, value]));
  return Date.parse(`${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}Z`);
};
// «2025-09-15T10:00» of a field, meant in the organization's clock, as a moment.
export const momentOf = (local) => {
  const wanted = Date.parse(`${local}Z`);
  let moment = wanted;
  for (let round = 0; round < 2; round += 1) moment += wanted - shownAt(moment);
  return new Date(moment).toISOString();
};
