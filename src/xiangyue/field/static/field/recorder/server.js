/* Talking with the server: every answer is one of ok, signed out, off, or no answer at all. */
import { noteServerTime } from "./clock.js";

const root = document.documentElement;
export const places = { day: root.dataset.day, captures: root.dataset.captures, photos: root.dataset.photos, login: root.dataset.login, logout: root.dataset.logout, online: root.dataset.online };
const PATIENCE = 30000;

const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "";

async function reach(address, options) {
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address, { redirect: "manual", credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options });
  } catch (error) {
    return null;
  } finally {
    clearTimeout(clock);
  }
}

/* {state: fresh, same, signed out, off or none; day; words, mend} */
export async function fetchDay(version) {
  const headers = { Accept: "application/json" };
  if (version) headers["If-None-Match"] = '"' + version + '"';
  const answer = await reach(places.day, { headers });
  if (!answer) return { state: "none" };
  if (answer.type === "opaqueredirect" || answer.status === 401) return { state: "signed out" };
  await noteServerTime(Number(answer.headers.get("X-Server-Time")));
  if (answer.status === 304) return { state: "same" };
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) return { state: "fresh", day: told };
  if (answer.status === 403) return { state: "off", code: told && told.code, words: told && told.words, mend: told && told.mend };
  return { state: "none" };
}

/* The answers to these envelopes in their order; {state: "none"} or {state: "signed out"} when there are none. */
export async function sendEnvelopes(user, envelopes) {
  const body = JSON.stringify({ sent_at: new Date().toISOString(), envelopes });
  const answer = await reach(places.captures, {
    method: "POST", body, headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token(), "X-Recorder-User": String(user) },
  });
  if (!answer) return { state: "none" };
  const told = await answer.json().catch(() => null);
  if (answer.status === 401 || answer.type === "opaqueredirect" || (answer.status === 403 && !told)) return { state: "signed out", code: told && told.code };
  if (answer.status === 413) return { state: "too many" };
  if (!answer.ok || !told || !told.answers || told.answers.length !== envelopes.length) return { state: "none" };
  return { state: "answered", answers: told.answers };
}

export async function sendPhoto(user, path, options) {
  const answer = await reach(places.photos + path, {
    ...options, headers: { Accept: "application/json", "X-CSRFToken": token(), "X-Recorder-User": String(user), ...(options.method ? { "Content-Type": "application/octet-stream" } : {}) },
  });
  if (!answer) return { state: "none" };
  if (answer.status === 401) return { state: "signed out" };
  return (await answer.json().catch(() => null)) || { state: "none" };
}

/* Ends the session at the server; true when it did. */
export async function endSession() {
  const answer = await reach(places.logout, { method: "POST", headers: { "X-CSRFToken": token() } });
  return Boolean(answer && (answer.ok || answer.type === "opaqueredirect"));
}
