/* The outbox: a record is on the disk before it is told as kept, goes up when there is signal, and stays until answered. */
import { app, changed, isUnsent, readRecords } from "./app.js";
import { clockMoved, offset, today, dayOf } from "./clock.js";
import { newId } from "./ids.js";
import { digest, partsOf, upload } from "./photos.js";
import { fetchDay, sendEnvelopes, sendPhoto } from "./server.js";
import { change, ofUser, put, remove, setMeta } from "./store.js";

const BATCH = 50, KEPT_DAYS = 7, UNDO_WITHIN = 600000, SOON = 5000, LATEST = 300000;
/* Kinds whose body says which state of the list the phone had. */
const BASED = new Set(["round", "sheet", "visit"]);
const MARK = "xiangyue.recorder.unsent";
let sending = false, again = false, wait = SOON, timer = 0, last = 0;

const rowOf = (kind, body, more) => ({
  id: newId(), user: app.user, kind, body, version: app.day.format, base: app.day.version, made_at: new Date().toISOString(),
  seq: (last = Math.max(Date.now(), last + 1)), offset: offset(), suspect: clockMoved(), state: "waiting", tries: 0, photos: [], ...more,
});

/* Puts a record, with its photos, on the disk; gives it back once it is there. */
export async function record(kind, body, { title, blobs = [], along = [] }) {
  const row = rowOf(kind, BASED.has(kind) ? { ...body, base: app.day.version } : body, { title });
  const rows = [row], pictures = [];
  for (const blob of blobs) {
    const sha256 = await digest(blob);
    const told = { of: row.id, n: pictures.length + 1, sha256, bytes: blob.size, parts: partsOf(blob.size) };
    const picture = rowOf("photo", told, { title: "照片", parent: row.id });
    rows.push(picture);
    row.photos.push(picture.id);
    pictures.push({ id: picture.id, user: app.user, sha256, blob });
  }
  for (const one of along) rows.push(rowOf(one.kind, one.body(row.id), { title: one.title, along: row.id }));
  await change(["records", "photos"], (records, photos) => {
    rows.forEach((one) => records.put(one));
    pictures.forEach((one) => photos.put(one));
  });
  app.records.push(...rows);
  mark();
  changed();
  askToStay();
  send();
  return row;
}

/* The last record that can still be taken back. */
export function undoable(now = Date.now()) {
  const found = app.records.filter((row) => !row.undone && !row.parent && !row.along && row.kind !== "undo" && row.state !== "refused" && row.state !== "conflict");
  const row = found[found.length - 1];
  return row && now - Date.parse(row.made_at) < UNDO_WITHIN ? row : null;
}

/* Takes back: what was never sent goes from the phone, what may have been sent is followed by a second record. */
export async function undo(row) {
  for (const one of app.records.filter((other) => other.along === row.id && !other.undone)) await undo(one);
  if (row.tries === 0) {
    await forget(row);
  } else {
    row.undone = true;
    const back = rowOf("undo", { undoes: row.id }, { title: "撤回：" + row.title });
    await put("records", row, back);
    app.records.push(back);
  }
  mark();
  changed();
  send();
}

/* Removes a record with its photos from the phone. */
export async function forget(row) {
  const ids = [row.id, ...row.photos];
  await change(["records", "photos"], (records, photos) => ids.forEach((id) => { records.delete(id); photos.delete(id); }));
  app.records = app.records.filter((one) => !ids.includes(one.id));
  mark();
  changed();
}

/* Sends a refused record anew without one of its households; the rest is a new record. */
export async function sendWithout(row, code) {
  const body = { ...row.body, fine: (row.body.fine || []).filter((one) => one !== code), faults: (row.body.faults || []).filter((one) => one.subject !== code) };
  const next = { ...row, id: newId(), seq: (last = Math.max(Date.now(), last + 1)), body, state: "waiting", tries: 0, words: "", mend: "", code: "" };
  await change("records", (records) => {
    records.delete(row.id);
    if (body.fine.length + body.faults.length) records.put(next);
  });
  await readRecords();
  mark();
  changed();
  send();
}

export async function retry(row) {
  Object.assign(row, { state: "waiting", words: "", mend: "", code: "" });
  await put("records", row);
  changed();
  send(true);
}

/* Sends all that waits; one at a time, over all windows of this phone. */
export async function send(now = false) {
  if (now) wait = SOON;
  if (sending) { again = true; return; }
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request("xiangyue-send", { ifAvailable: true }, (lock) => lock && sendAll());
    else await sendAll();
  } finally {
    sending = false;
  }
  mark();
  changed();
  clearTimeout(timer);
  if (again) { again = false; send(); } else if (app.records.some(isUnsent) && !app.signedOut) {
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, LATEST);
  }
}

async function sendAll() {
  let size = BATCH;
  for (;;) {
    const rows = app.records.filter((row) => row.user === app.user && row.state === "waiting").slice(0, size);
    if (!rows.length) break;
    rows.forEach(settleTime);
    rows.forEach((row) => { row.tries++; });
    await put("records", ...rows);
    const told = await sendEnvelopes(app.user, rows.map(envelopeOf));
    if (told.state === "too many" && size > 1) { size = Math.ceil(rows.length / 2); continue; }
    app.signedOut = told.state === "signed out";
    if (told.state !== "answered") { app.reached = false; return; }
    app.reached = true;
    wait = SOON;
    rows.forEach((row, at) => take(row, told.answers[at]));
    await put("records", ...rows);
    changed();
    if (told.answers.every((answer) => answer.code === "busy")) return;
  }
  await sendPhotos();
}

const envelopeOf = (row) => ({ id: row.id, kind: row.kind, version: row.version, made_at: row.made_at, base: row.base, body: row.body });

/* A clock put right between the tap and the first sending: the tap's time is put right too. */
function settleTime(row) {
  const moved = row.offset - offset();
  if (row.tries === 0 && !row.suspect && Math.abs(moved) > 300000) {
    row.made_at = new Date(Date.parse(row.made_at) - moved).toISOString();
    row.offset = offset();
  }
}

function take(row, answer) {
  row.words = answer.words || "";
  row.mend = answer.mend || "";
  row.code = answer.code || "";
  row.answered_at = new Date().toISOString();
  if (answer.state === "already" && answer.code === "held") row.state = "held";
  else if (answer.state === "stored" || answer.state === "already") row.state = row.kind === "photo" ? "uploading" : "sent";
  else if (answer.state === "refused" && answer.code === "busy") row.state = "waiting";
  else if (answer.state === "refused" && answer.code === "capture_version") row.state = "blocked";
  else row.state = answer.state;
  if (row.state === "sent" && dayOf(row.made_at) !== today()) row.body = null;
}

async function sendPhotos() {
  const rows = app.records.filter((row) => row.state === "uploading");
  if (!rows.length) return;
  const blobs = new Map((await ofUser("photos", app.user)).map((one) => [one.id, one]));
  for (const row of rows) {
    const kept = blobs.get(row.id);
    const told = kept ? await upload(kept, (path, options) => sendPhoto(app.user, path, options)) : { state: "refused", words: "照片在手机上找不到了。", mend: "请重新拍一张。" };
    if (told.state === "whole" || told.state === "erased") row.state = "sent";
    else if (told.code === "photo_unknown") Object.assign(row, { state: "waiting" });
    else if (told.state === "refused" && told.code !== "photo_broken" && told.code !== "photo_part") Object.assign(row, { state: "refused", words: told.words, mend: told.mend, code: told.code });
    else { app.signedOut = told.state === "signed out"; return; }
    await put("records", row);
    if (row.state === "sent") await remove("photos", row.id);
  }
}

/* What was answered a week ago leaves the phone; and what newer system now takes goes out again. */
export async function tidy() {
  const before = Date.now() - KEPT_DAYS * 86400000;
  const over = app.records.filter((row) => (row.state === "sent" || row.state === "late" || row.state === "held") && Date.parse(row.answered_at) < before);
  if (over.length) await remove("records", ...over.map((row) => row.id));
  const blocked = app.records.filter((row) => row.state === "blocked");
  blocked.forEach((row) => { row.state = "waiting"; });
  if (blocked.length) await put("records", ...blocked);
  await readRecords();
}

/* Beside the database: how many wait and since when, without names. If the phone clears its storage, this tells of it. */
export function mark() {
  const unsent = app.records.filter((row) => isUnsent(row) && row.kind !== "photo");
  const told = unsent.slice(-20).map((row) => ({ id: row.id, at: row.made_at, title: row.title.replace(/：.*/, "") }));
  try { localStorage.setItem(MARK, JSON.stringify({ user: app.user, n: unsent.length, told })); } catch (error) { /* private mode */ }
  document.cookie = "xy_unsent=" + unsent.length + "; path=/field/; max-age=31536000; samesite=strict";
}

/* What the mark knows of and the database does not: records that the system cleared away. */
export function lostRecords() {
  let told = null;
  try { told = JSON.parse(localStorage.getItem(MARK) || "null"); } catch (error) { /* unreadable is unknown */ }
  if (told) {
    const here = new Set(app.records.map((row) => row.id));
    return told.user === app.user ? told.told.filter((one) => !here.has(one.id)) : [];
  }
  const n = Number((document.cookie.match(/(?:^|; )xy_unsent=(\d+)/) || [])[1] || 0);
  return !app.records.length && n ? [{ id: "", at: "", title: n + " 条记录" }] : [];
}

async function askToStay() {
  if (!navigator.storage || !navigator.storage.persist || app.stays !== undefined) return;
  app.stays = await navigator.storage.persist().catch(() => false);
  await setMeta("stays", app.stays);
}

/* The day's data anew; gives what came of it. */
export async function refreshDay() {
  const told = await fetchDay(app.day && app.day.user.id === app.user ? app.day.version : "");
  app.reached = told.state !== "none";
  app.signedOut = told.state === "signed out";
  app.off = told.state === "off" ? told : null;
  return told;
}
