/* Who uses the phone now: their day comes in, another's stays apart, and what is unsent when they leave is locked. */
import { app, changed, isUnsent, readDay, readRecords } from "./app.js";
import { lostRecords, mark, refreshDay, send, tidy } from "./outbox.js";
import { blobAsText, seal, textAsBlob, unseal } from "./seal.js";
import { endSession } from "./server.js";
import { change, get, meta, ofUser, put, setMeta } from "./store.js";

/* Opens as whoever used it last, from the phone alone. */
export async function begin() {
  app.user = (await meta("current")) || null;
  app.stays = await meta("stays");
  await readDay();
  await readRecords();
  if (app.user) {
    app.lost = lostRecords();
    await tidy();
  }
}

/* Asks the server for the day; whoever it says is logged in is the one who uses the phone. */
export async function refresh() {
  const told = await refreshDay();
  if (await stillLeaving(told)) { changed(); return; }
  if (told.state === "fresh") await take(told.day);
  if (told.state === "fresh" || told.state === "same") {
    await setMeta("reached", Date.now());
    send(true);
  }
  changed();
}

/* Who left without signal is still logged in at the server: ended at the first contact, if it is still them. */
async function stillLeaving(told) {
  const leaving = await meta("leaving");
  if (!leaving || told.state === "none" || told.state === "off") return false;
  const theirs = told.state === "fresh" && told.day.user.id === leaving;
  if (theirs && !(await endSession())) return true;
  await setMeta("leaving", null);
  if (theirs) app.signedOut = true;
  return theirs;
}

async function take(day) {
  const user = day.user.id;
  if (app.user !== user) {
    /* the former one's day goes; what they have not sent stays under their name, shown to nobody else */
    const former = app.user;
    await change(["days", "meta"], (days, metas) => {
      if (former) days.delete(former);
      metas.put({ key: "current", value: user });
    });
    app.user = user;
    app.lost = [];
  }
  await put("days", { user, day, at: Date.now() });
  app.day = day;
  await readRecords();
  mark();
}

export const unsent = () => app.records.filter((row) => isUnsent(row) && !row.parent);

/* Locks what is unsent under the PIN and gives the bundle; the plain records leave the phone. */
async function lock(pin) {
  const records = app.records.filter((row) => isUnsent(row) || row.state === "refused" || row.state === "conflict");
  const blobs = await ofUser("photos", app.user);
  const photos = [];
  for (const one of blobs) photos.push({ id: one.id, user: one.user, sha256: one.sha256, text: await blobAsText(one.blob) });
  const sealed = await seal({ records, photos }, pin);
  return { user: app.user, n: unsent().length, at: Date.now(), ...sealed };
}

/* Leaves the phone: with a PIN what is unsent is kept locked, without one nothing is left behind. */
export async function leave(pin) {
  const bundle = pin ? await lock(pin) : null;
  const user = app.user, ids = app.records.map((row) => row.id);
  await change(["records", "photos", "days", "sealed", "meta"], (records, photos, days, sealed, metas) => {
    ids.forEach((id) => { records.delete(id); photos.delete(id); });
    days.delete(user);
    if (bundle) sealed.put(bundle);
    metas.put({ key: "current", value: null });
    metas.put({ key: "leaving", value: user });
  });
  app.records = [];
  mark();
  try { localStorage.removeItem("xiangyue.recorder.unsent"); } catch (error) { /* private mode */ }
  if (await endSession()) await setMeta("leaving", null);
  Object.assign(app, { user: null, day: null, sealed: null, signedOut: true, lost: [] });
  changed();
}

/* What is unsent as a file under the PIN, to be opened by the same person on another phone or a computer. */
export async function handOver(pin) {
  const bundle = await lock(pin);
  const name = "未发记录-" + app.day.user.name + "-" + bundle.n + "条.xiangyue";
  return new File([JSON.stringify(bundle)], name, { type: "application/octet-stream" });
}

/* Opens a bundle of this user: its records are in the outbox again; false for a wrong PIN, null for somebody else's. */
export async function open(bundle, pin) {
  if (bundle.user !== app.user) return null;
  const found = await unseal(bundle, pin);
  if (!found) return false;
  const photos = found.photos.map(({ text, ...one }) => ({ ...one, blob: textAsBlob(text) }));
  await change(["records", "photos", "sealed"], (records, blobs, sealed) => {
    found.records.forEach((row) => records.put(row));
    photos.forEach((one) => blobs.put(one));
    sealed.delete(app.user);
  });
  await readRecords();
  mark();
  changed();
  send(true);
  return true;
}

export const sealedHere = () => get("sealed", app.user);
