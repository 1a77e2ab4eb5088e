/* The recorder: opens from the phone alone, shows a screen for the address, keeps itself and its data fresh. */
import { app, isUnsent, needsPerson, onChange, recordedTwice } from "./app.js";
import { readClock } from "./clock.js";
import { h, icon, layIcons, link, notice } from "./dom.js";
import { doorPage } from "./door.js";
import { placePage, placesPage, sheetsPage } from "./lists.js";
import { leavePage, mePage, unlockPage } from "./me.js";
import { outboxPage } from "./outbox_page.js";
import { begin, refresh } from "./person.js";
import { problemPage } from "./problem.js";
import { routePage } from "./route.js";
import { sheetPage } from "./sheet.js";
import { mendPage, problemsPage } from "./steps.js";
import { todayPage } from "./today.js";
import { visitPage, wishPage } from "./visit.js";

const root = document.documentElement;
const SCREENS = {
  today: todayPage, door: doorPage, places: placesPage, place: placePage, sheets: sheetsPage, sheet: sheetPage, visit: visitPage, wish: wishPage,
  problem: problemPage, problems: problemsPage, mend: mendPage, route: routePage, outbox: outboxPage, me: mePage, leave: leavePage, unlock: unlockPage,
};
/* Screens that show what is known, and so are drawn anew when it changes; the others hold what is being typed. */
const LIVE = new Set(["today", "outbox", "places", "place", "problems", "route"]);
const TABS = [["today", "sun", "今天"], ["places", "building-cottage", "我的户"], ["outbox", "cloud-upload", "记录"], ["me", "user", "我的"]];
const EVERY = 5 * 60000;
let shown = "", drawn = 0, welcomed = false;

const parts = () => (location.hash.replace(/^#\//, "") || "today").split("/").map(decodeURIComponent);

/* What a screen writes on. */
function pageOf(main, bar) {
  return {
    title(words, under, back) {
      document.getElementById("heading").textContent = words;
      document.getElementById("place").textContent = under || "";
      document.title = words + " · 乡约";
      const away = document.getElementById("back");
      away.hidden = !back;
      if (back) away.href = back;
    },
    add(...children) { main.append(...children.flat().filter(Boolean)); },
    bar(...children) { bar.append(...children); },
    go(address) { if (location.hash === address) show(); else location.hash = address; },
    missing() {
      this.title("没有找到", "", "#/today");
      this.add(notice("slate", "名单里没有这一户或这个地点了；可能已调整。", link("btn-primary", "", "回到今天", "#/today")));
    },
  };
}

async function show() {
  const [name, ...rest] = parts(), main = document.getElementById("content"), bar = document.getElementById("bar");
  const fresh = document.createDocumentFragment(), bars = document.createDocumentFragment(), here = ++drawn;
  const same = shown === location.hash, at = window.scrollY;
  const page = pageOf(fresh, bars), waits = !app.day;
  if (waits) welcome(page);
  else await (SCREENS[name] || todayPage)(page, ...rest);
  if (here !== drawn) return;
  welcomed = waits;
  main.replaceChildren(fresh);
  bar.replaceChildren(bars);
  tabs(name);
  shown = location.hash;
  if (same) window.scrollTo(0, at);
  else { window.scrollTo(0, 0); if (here > 1) main.focus({ preventScroll: true }); }
}

function tabs(name) {
  const n = app.records.filter((row) => isUnsent(row) && !row.parent).length, look = app.records.some(needsPerson) || recordedTwice().length;
  document.getElementById("tabs").replaceChildren(...TABS.map(([key, picture, words]) => h("a", { href: "#/" + key, "aria-current": key === name ? "page" : null },
    icon(picture), h("span", {}, words, key === "outbox" && (n || look) ? h("b", { class: "r-count" + (look ? " r-look" : "") }, look ? "!" : String(n)) : null))));
}

/* A link to another screen is followed within the tap, not a task later. */
function followAtOnce(event) {
  const away = event.target.closest("a[href^='#/']");
  if (!away || event.defaultPrevented) return;
  event.preventDefault();
  history.pushState(null, "", away.getAttribute("href"));
  show();
}

/* Before there is a day: why not, and what to do. */
function welcome(page) {
  page.title("离线记录", "");
  if (app.off) page.add(notice("amber", (app.off.words || "您的账号不用手机离线记录。") + (app.off.mend || ""), link("btn-primary", "device-mobile", "用网页记录", root.dataset.online)));
  else if (app.signedOut) page.add(notice("slate", "请先登录一次；以后没有信号也能记。"), h("a", { class: "btn btn-primary f-all", href: root.dataset.login }, icon("login"), "登录"));
  else if (app.reached === false) page.add(notice("amber", "还没有名单，现在也没有信号。到有信号的地方打开一次，以后就能离线用。"), h("button", { class: "btn r-wide", type: "button", onclick: () => refresh() }, icon("refresh"), "再试"));
  else page.add(h("p", { class: "y-note", role: "status" }, "正在取名单……"));
}

async function keepItself() {
  if (!("serviceWorker" in navigator)) return;
  const mine = await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope, updateViaCache: "none" });
  const offer = (worker) => {
    if (!worker || !navigator.serviceWorker.controller) return;
    app.update = () => worker.postMessage("take over");
    redraw();
  };
  offer(mine.waiting);
  mine.addEventListener("updatefound", () => {
    const worker = mine.installing;
    worker.addEventListener("statechange", () => { if (worker.state === "installed") offer(worker); });
  });
  const controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (controlled) location.reload(); });
}

let waiting = 0, pressed = false, held = false, keeping = false;

/* Nothing is drawn anew under a finger: the tap would be lost. */
function heedFingers() {
  const lift = () => setTimeout(() => { pressed = false; if (held) { held = false; redraw(); } }, 60);
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  document.addEventListener("pointerup", lift, true);
  document.addEventListener("pointercancel", lift, true);
}

function redraw() {
  if (app.day && !keeping) {
    /* only where there is a list to work with: not while the county has not switched it on */
    keeping = true;
    keepItself().catch(() => {});
  }
  if (pressed) { held = true; return; }
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    const [name] = parts(), finding = document.getElementById("find");
    if (!app.day || welcomed || LIVE.has(name)) { if (!(finding && finding.value)) show(); } else tabs(name);
  });
}

async function start() {
  const icons = layIcons(root.dataset.icons).catch(() => {});
  await readClock();
  await begin();
  await icons;
  onChange(redraw);
  heedFingers();
  window.addEventListener("hashchange", () => { if (location.hash !== shown) show(); });
  document.addEventListener("click", followAtOnce);
  await show();
  root.dataset.ready = "1";
  await refresh();
  window.addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") refresh(); });
  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, EVERY);
}

start().catch((error) => {
  document.getElementById("content").replaceChildren(notice("cinnabar", "这部手机的浏览器不能保存记录（可能是无痕模式）。请换普通模式，或用网页记录。",
    h("a", { class: "btn btn-primary", href: root.dataset.online }, "用网页记录")));
  throw error;
});
