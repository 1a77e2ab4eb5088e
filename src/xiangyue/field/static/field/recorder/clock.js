/* The phone's clock against the server's: how far ahead it runs, what day it is here, and when it can't be right. */
import { meta, setMeta } from "./store.js";

const MINUTE = 60000, DAY = 86400000, ZONE = 8 * 3600000;
let known = { offset: 0, server: 0 };

export async function readClock() { known = (await meta("clock")) || known; }

/* The server's instant as it answered; kept, so that it is known without signal too. */
export async function noteServerTime(milliseconds) {
  if (!milliseconds) return;
  known = { offset: Math.round(Date.now() - milliseconds), server: milliseconds };
  await setMeta("clock", known);
}

export const offset = () => known.offset;
export const corrected = (now = Date.now()) => now - (Math.abs(known.offset) > 2 * MINUTE ? known.offset : 0);

/* The day at the county (UTC+8), as 2026-11-22, by the corrected clock. */
export const today = (now = Date.now()) => new Date(corrected(now) + ZONE).toISOString().slice(0, 10);
export const dayOf = (instant) => new Date(Date.parse(instant) + ZONE).toISOString().slice(0, 10);
export const timeOf = (instant) => new Date(Date.parse(instant) + ZONE).toISOString().slice(11, 16);
export const dayWords = (day) => Number(day.slice(5, 7)) + "月" + Number(day.slice(8, 10)) + "日";

/* Whether the clock was turned back since the last contact: then nothing is known of it until the next one. */
export const clockMoved = (now = Date.now()) => Boolean(known.server) && now - known.offset < known.server - DAY;

/* What is wrong with the clock, in words; empty when it seems right. */
export function clockTrouble(now = Date.now()) {
  if (clockMoved(now)) {
    return "手机的日期（" + new Date(now + ZONE).toISOString().slice(0, 10) + "）比上次联系服务器时还早。请先在手机设置里改对日期，再记录。";
  }
  const off = Math.abs(known.offset);
  if (off > 10 * MINUTE) {
    const much = off > 365 * DAY ? Math.round(off / (365 * DAY)) + " 年" : off > DAY ? Math.round(off / DAY) + " 天" : Math.round(off / MINUTE) + " 分钟";
    return "手机时间" + (known.offset > 0 ? "快了" : "慢了") + "约 " + much + "。记录会按服务器时间改正；请在手机设置里打开“自动设置时间”。";
  }
  return "";
}
