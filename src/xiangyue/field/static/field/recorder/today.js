/* Today: what is left of the round, one tap for all that are fine, a row for each door. */
import { app, checksOf, marksOf, mine, needsPerson, place, recordedElsewhere, recordedTwice, takes } from "./app.js";
import { clockTrouble, dayWords, timeOf, today } from "./clock.js";
import { button, h, icon, link, notice, say } from "./dom.js";
import { kindList } from "./lists.js";
import { record, send, undo, undoable } from "./outbox.js";
import { placeList } from "./parts.js";
import { besideRoutes, routeCards } from "./route.js";
import { waitingForMe } from "./steps.js";

export const owes = (code) => { const one = place(code); return one.state !== "away" && one.state !== "empty"; };

export function todayPage(page, wanted) {
  const rounds = checksOf(true), [key, check] = rounds.find(([one]) => one === wanted) || rounds[0] || [];
  page.title(dayWords(today()) + (check ? " · " + check.name : ""), app.day.user.name);
  page.add(...notices());
  page.add(undoStrip(), ...routeCards());
  if (rounds.length > 1) {
    page.add(h("nav", { class: "y-row", "aria-label": "检查种类" }, rounds.map(([one, told]) =>
      h("a", { class: "btn" + (one === key ? "" : " btn-quiet"), href: "#/today/" + encodeURIComponent(one), "aria-current": one === key ? "page" : null }, told.name))));
  }
  if (check) { page.add(...roundOf(key, check)); return; }
  const kinds = besideRoutes(checksOf(false));
  page.add(ways(), kinds.length ? [h("h2", { class: "f-day" }, "今天可以记的检查"), kindList(kinds)] : null);
  if (!checksOf(false).length && !mine().length) page.add(notice("slate", "今天没有要查的户。请村里在“包保”里为您指定，指定后连一次网就能看到。"));
}

/* What the places of a round are counted in. */
const UNITS = { household: "户", village: "个村", public_place: "处" };
const unitOf = (check) => UNITS[(place(check.places[0]) || {}).level] || "个";

function roundOf(key, check) {
  const unit = unitOf(check);
  const marks = marksOf(key), due = check.places.filter((code) => owes(code) || marks.has(code));
  const left = due.filter((code) => !marks.has(code)), faulty = due.filter((code) => (marks.get(code) || {}).mark === "fault").length;
  const elsewhere = recordedElsewhere(key), found = [];
  found.push(h("section", { "aria-label": "进度" }, h("p", { class: "y-progress-words" }, h("span", {}, "今天"), h("span", { class: "num" }, due.length - left.length + " / " + due.length + " " + unit)),
    h("progress", { value: due.length - left.length, max: Math.max(1, due.length), "aria-label": "今天" })));
  if (elsewhere) found.push(h("p", { class: "y-note" }, "其中 " + elsewhere + " " + unit + "是在别的手机或电脑上记的，已合在一起。"));
  if (left.length) {
    const words = (due.length > left.length ? "其余 " : "") + left.length + " " + unit + "全部正常";
    found.push(button("btn-primary f-all", "circle-check", words, () => allFine(check, left, words)));
    found.push(h("p", { class: "y-note" }, (unit === "户" ? "有问题的户先点开记下" : "有问题的先点开记下") + "，其余的再点这一下。"));
  } else if (due.length) {
    found.push(notice("bamboo", faulty ? "今天都查过了，有问题的 " + faulty + " " + unit + "。" : "今天都查过了，全部正常。"));
  }
  found.push(ways(), placeList(check.places, (code) => "#/door/" + encodeURIComponent(key) + "/" + code, marks));
  return found;
}

async function allFine(check, left, words) {
  await record("round", { check: check.code, scheme: check.scheme, fine: left, faults: [] }, { title: check.name + "：" + words });
  say("已记下：" + words + "。");
}

/* The ten minutes in which the last tap can be taken back. */
export function undoStrip() {
  const row = undoable();
  return row && h("div", { class: "f-undo" }, h("span", {}, timeOf(row.made_at) + " " + row.title + "，10 分钟内可撤回"),
    button("", "arrow-back-up", "撤回", async () => { await undo(row); say("已撤回。"); }));
}

function ways() {
  const found = [];
  if (takes("visit") && mine().length) found.push(link("", "walk", "走访", "#/places"));
  if (takes("problem") && Object.keys(app.day.problems).length) found.push(link("", "message-report", "报问题", "#/problem"));
  if (takes("problem_step")) found.push(myProblems());
  if (besideRoutes(checksOf(false)).length) found.push(link("", "clipboard-check", "督查记分", "#/sheets"));
  return found.length ? h("nav", { class: "r-ways", "aria-label": "还要记什么" }, found) : null;
}

/* The way to what waits for me, with how many, and whether one is overdue. */
function myProblems() {
  const waiting = waitingForMe(), made = link("", "list-check", "我的问题", "#/problems");
  if (waiting.length) made.append(h("b", { class: "r-count" + (waiting.some((one) => one.late) ? " r-look" : "") }, String(waiting.length)));
  return made;
}

/* What a person should know before anything else. */
export function notices() {
  const found = [], trouble = clockTrouble(), wait = app.records.filter(needsPerson).length + recordedTwice().length;
  if (app.lost.length) {
    const told = app.lost.map((one) => (one.at ? timeOf(one.at) + " " : "") + one.title).join("；");
    found.push(notice("cinnabar", "手机清理了存储，没发出的记录丢了：" + told + "。请重新记录。",
      button("", "check", "知道了", async () => { app.lost = []; (await import("./outbox.js")).mark(); location.reload(); })));
  }
  if (trouble) found.push(notice("amber", trouble));
  if (app.sealed) found.push(notice("amber", "您上次退出时锁了 " + app.sealed.n + " 条没发的记录。", link("btn-primary", "lock-open", "打开", "#/unlock")));
  if (wait) found.push(notice("cinnabar", "有 " + wait + " 条记录要您看一看。", link("", "arrow-right", "去看", "#/outbox")));
  if (app.signedOut) found.push(notice("amber", "登录已过期，记录先存在手机里。", h("a", { class: "btn btn-primary", href: document.documentElement.dataset.login }, icon("login"), "登录后接着发")));
  else if (app.reached === false) found.push(h("p", { class: "r-offline", role: "status" }, icon("cloud-upload"), h("span", {}, "没有信号：照常记，存在手机里，有信号时自动发出。"), button("btn-quiet", "refresh", "再试", () => send(true))));
  if (app.others) found.push(notice("slate", "这部手机上还有别人没发的 " + app.others + " 条记录，由本人登录后发出。"));
  if (app.day.day !== today()) found.push(notice("slate", "名单是 " + dayWords(app.day.day) + " 的；连上网会自动更新。"));
  if (app.update) found.push(notice("slate", "有新版本。", button("", "refresh", "更新", () => app.update())));
  return found;
}
