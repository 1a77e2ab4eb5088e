/* What the recorder knows while it is open: who, the day, the records on this phone; and who wants to hear of changes. */
import { dayOf, today } from "./clock.js";
import { all, get, ofUser } from "./store.js";

export const app = { user: null, day: null, records: [], others: 0, sealed: null, signedOut: false, off: null, reached: null, lost: [], update: null };
const hearers = new Set();

export const onChange = (hearer) => hearers.add(hearer);
export const changed = () => hearers.forEach((hearer) => hearer());

/* Reads the user's records anew; the others' are only counted. */
export async function readRecords() {
  app.records = app.user ? await ofUser("records", app.user) : [];
  app.records.sort((one, two) => one.seq - two.seq);
  const everyones = await all("records");
  app.others = everyones.filter((row) => row.user !== app.user && isUnsent(row)).length;
  app.sealed = app.user ? (await get("sealed", app.user)) || null : null;
}

export async function readDay() { app.day = app.user ? ((await get("days", app.user)) || {}).day || null : null; }

export const isUnsent = (row) => row.state === "waiting" || row.state === "blocked" || row.state === "uploading";
export const needsPerson = (row) => row.state === "refused" || row.state === "conflict";
export const takes = (kind) => Boolean(app.day && app.day.kinds.includes(kind));
export const place = (code) => app.day && app.day.places[code];

export function placeWords(code) {
  const found = place(code);
  return found ? found.name + (found.head ? " " + found.head : "") : code;
}

export const checksOf = (rounds) => Object.entries((app.day && app.day.checks) || {}).filter(([, one]) => one.round === rounds);
export const mine = () => Object.entries((app.day && app.day.places) || {}).filter(([, one]) => one.mine);

/* What is known of each place of a kind of check today: the server's word, with this phone's own records laid over it. */
export function marksOf(key) {
  const found = new Map(), check = app.day.checks[key], now = today();
  const undone = new Set(app.records.filter((row) => row.undone).map((row) => row.id));
  if (app.day.day === now) {
    for (const [code, told] of Object.entries(app.day.done[key] || {})) if (!undone.has(told.id)) found.set(code, told);
  }
  for (const row of app.records) {
    const body = row.body;
    if (!body || row.undone || needsPerson(row) || dayOf(row.made_at) !== now) continue;
    if ((row.kind !== "round" && row.kind !== "sheet") || body.check !== check.code || body.scheme !== check.scheme) continue;
    const one = { id: row.id, at: row.made_at, here: true };
    for (const code of body.fine || []) found.set(code, { ...one, mark: "clean", n: 0 });
    for (const fault of body.faults || (body.subject ? [body] : [])) {
      found.set(fault.subject, { ...one, mark: fault.entries.length ? "fault" : "clean", n: fault.entries.length, entries: fault.entries });
    }
  }
  return found;
}

/* The same place recorded today on this phone and on another, differently: for a person to look at. */
export function recordedTwice() {
  const found = [];
  if (!app.day || app.day.day !== today()) return found;
  for (const [key, check] of Object.entries(app.day.checks)) {
    const here = marksOf(key), ids = new Set(app.records.map((row) => row.id));
    for (const [code, told] of Object.entries(app.day.done[key] || {})) {
      const own = here.get(code);
      if (own && own.here && !ids.has(told.id) && own.mark !== told.mark) found.push({ key, check: check.name, code, here: own, there: told });
    }
  }
  return found;
}

/* How many places another phone (or the office) recorded for me today: they are laid together with this phone's. */
export function recordedElsewhere(key) {
  const ids = new Set(app.records.map((row) => row.id));
  if (!app.day || app.day.day !== today()) return 0;
  return Object.values(app.day.done[key] || {}).filter((told) => !ids.has(told.id)).length;
}
