/* The outbox in plain words: what needs the person, what has not gone yet, what arrived. */
import { app, isUnsent, needsPerson, place, placeWords, recordedTwice } from "./app.js";
import { dayWords, dayOf, timeOf } from "./clock.js";
import { ask, button, h, icon, link, say, state } from "./dom.js";
import { forget, retry, send, sendWithout } from "./outbox.js";
import { undoStrip } from "./today.js";

export function outboxPage(page) {
  const rows = app.records.filter((row) => !row.parent), photos = (row) => app.records.filter((one) => one.parent === row.id);
  const waiting = rows.filter((row) => !row.undone && (isUnsent(row) || photos(row).some(isUnsent)));
  const told = app.records.filter(needsPerson), twice = recordedTwice();
  const gone = rows.filter((row) => !waiting.includes(row) && !needsPerson(row)).reverse();
  page.title("记录", waiting.length ? "还有 " + waiting.length + " 条没发" : told.length ? told.length + " 条要您看一看" : "都发出了");
  page.add(undoStrip());
  if (told.length || twice.length) {
    page.add(h("section", { class: "r-stack" }, h("h2", { class: "f-day" }, "要您看一看"), told.map((row) => trouble(row)), twice.map(both)));
  }
  page.add(h("section", { class: "r-stack" }, h("h2", { class: "f-day" }, "还没发"), waiting.length
    ? [list(waiting, photos), button("btn-primary r-wide", "send", "现在发送", () => { send(true); say("正在发送……"); }),
      h("p", { class: "y-note" }, app.signedOut ? "登录已过期，登录后接着发。" : "有信号时会自动发出。发出以前请不要清理浏览器数据，也不要卸载。")]
    : h("p", { class: "y-note" }, "没有。")));
  if (gone.length) page.add(h("section", { class: "r-stack" }, h("h2", { class: "f-day" }, "已发出（最近七天）"), list(gone.slice(0, 60), photos)));
}

function list(rows, photos) {
  return h("ul", { class: "f-list" }, rows.map((row) => {
    const here = photos(row), left = here.filter(isUnsent).length;
    const key = row.undone ? "undone" : left && row.state === "sent" ? "waiting" : row.state === "uploading" ? "waiting" : row.state;
    return h("li", {}, h("div", { class: "f-item" }, h("strong", {}, row.title),
      h("small", {}, dayWords(dayOf(row.made_at)) + " " + timeOf(row.made_at) + (here.length ? " · 照片 " + (here.length - left) + "/" + here.length : "") + (row.words ? " · " + row.words + row.mend : "")),
      state(key)));
  }));
}

/* A record that the server did not take: why, and what can be done. */
function trouble(row) {
  const named = row.code.startsWith("check_") && row.kind === "round" ? [...(row.body.fine || []), ...(row.body.faults || []).map((one) => one.subject)].find((code) => row.words.includes(code)) : "";
  const more = (row.body && row.body.fine ? row.body.fine.length + row.body.faults.length : 0) > 1;
  return h("article", { class: "y-panel r-trouble" }, h("div", { class: "y-panel-body" },
    h("p", {}, state(row.state), " ", h("strong", {}, row.title)), h("p", {}, row.words), h("p", {}, row.mend),
    h("div", { class: "r-stack" },
      named && more && button("btn-primary", "send", "去掉" + (place(named) ? placeWords(named) : "这一户") + "，其余再发", () => sendWithout(row, named)),
      row.state === "refused" && !named && button("", "refresh", "再发一次", () => retry(row)),
      button("", "trash", "不要这条了", async () => {
        if (await ask({ title: "不要这条记录了？", words: row.title + "。它没有入库，删了就没有了。", yes: "删掉", no: "留着", danger: true })) { await forget(row); say("已删掉。"); }
      }))));
}

/* The same place recorded twice today, in two ways: the later one counts unless the person says otherwise. */
function both(one) {
  const later = one.here.at > one.there.at ? "这部手机上的" : "另一处的";
  return h("article", { class: "y-panel r-trouble" }, h("div", { class: "y-panel-body" },
    h("p", {}, icon("arrows-left-right"), " ", h("strong", {}, placeWords(one.code) + " 今天有两份不一样的" + one.check)),
    h("p", {}, "这部手机 " + timeOf(one.here.at) + "：", state(one.here.mark)), h("p", {}, "别的手机或电脑 " + timeOf(one.there.at) + "：", state(one.there.mark)),
    h("p", { class: "y-note" }, "按时间以" + later + "为准。要改，请重新记一次。"),
    link("btn-primary", "pencil", "重新记这户", "#/door/" + encodeURIComponent(one.key) + "/" + one.code)));
}

