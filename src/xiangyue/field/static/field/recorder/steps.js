/* The problems that wait for me: claim one, say what was done, verify what others mended; with and without signal. */
import { app, isUnsent, needsPerson, place, placeWords } from "./app.js";
import { dayWords, timeOf, today } from "./clock.js";
import { button, h, icon, link, notice, say, state } from "./dom.js";
import { record } from "./outbox.js";
import { noteField, noteOf, photoField } from "./parts.js";

const AFTER = { claim: "working", mended: "mended", verified: "verified", rejected: "working" };
const TOOK = { claim: "我来办", mended: "整改好了", verified: "核实：整改好了", rejected: "核实：还没好", note: "备注" };
const STATES = { open: ["unseen", "等人来办"], working: ["unseen", "整改中"], mended: ["held", "等人核实"], verified: ["held", "等销号"] };
const DONE = ["已清理干净", "已清运走", "已归垛码齐", "已拆除", "已修好", "已疏通"];

/* This phone's own steps that the list does not know of yet. */
function own(one) {
  return app.records.filter((row) => row.kind === "problem_step" && row.body && row.body.problem === one.id && !row.undone && !needsPerson(row)
    && (isUnsent(row) || row.body.base >= one.n));
}

/* The problems as they stand with what this phone recorded laid over them. */
export function atHand() {
  return (app.day.atHand || []).map((one) => {
    const steps = own(one), moving = steps.filter((row) => row.state !== "held" && AFTER[row.body.step]), last = moving[moving.length - 1];
    const now = last ? AFTER[last.body.step] : one.state, on = now === "open" || now === "working";
    let may = one.may;
    if (last) may = last.body.step === "claim" ? one.may.filter((step) => step !== "claim") : ["note"];
    return { ...one, steps, state: now, may, late: on ? Math.max(0, Math.round((Date.parse(today()) - Date.parse(one.by)) / 86400000)) : 0 };
  });
}

const does = (one, ...steps) => steps.some((step) => one.may.includes(step));
const toMend = (one) => does(one, "claim", "mended"), toVerify = (one) => does(one, "verified", "rejected");
export const waitingForMe = () => atHand().filter((one) => toMend(one) || toVerify(one));
const badge = (one) => (one.late ? state("overdue", "逾期 " + one.late + " 天") : state(...(STATES[one.state] || STATES.open)));

/* A line of the list, here and on a place's own screen. */
export const problemRow = (one) => h("li", {}, h("a", { class: "f-item", href: "#/mend/" + one.id },
  h("strong", {}, one.name + "：" + placeWords(one.place)), h("small", {}, [place(one.place) && place(one.place).where, one.who, toMend(one) && dayWords(one.by) + " 前"].filter(Boolean).join(" · ")), badge(one)));

/* Steps that somebody else was quicker with: kept, and looked at by the office. */
const doubtful = () => app.records.filter((row) => row.kind === "problem_step" && row.state === "held" && !row.undone);

export function problemsPage(page) {
  const all = atHand(), mend = all.filter(toMend), verify = all.filter(toVerify), rest = all.filter((one) => !toMend(one) && !toVerify(one));
  page.title("我的问题", mend.length || verify.length ? [mend.length && "要整改 " + mend.length + " 件", verify.length && "要核实 " + verify.length + " 件"].filter(Boolean).join(" · ") : app.day.user.name, "#/today");
  page.add(...doubtful().map((row) => notice("amber", row.title + "：" + row.words + row.mend)));
  if (!all.length) return page.add(notice("bamboo", "没有要您办的问题。"));
  const group = (words, rows) => rows.length && h("section", {}, h("h2", { class: "f-day" }, words + " · " + rows.length), h("ul", { class: "f-list" }, rows.map(problemRow)));
  page.add(group("要整改", mend), group("要核实", verify), group("已整改，等别人核实", rest));
}

export function mendPage(page, id) {
  const one = atHand().find((row) => row.id === id);
  if (!one) {
    page.title("我的问题", "", "#/problems");
    return page.add(notice("slate", "名单里没有这件了：已经办结，或交给了别人。", link("btn-primary", "", "回到我的问题", "#/problems")));
  }
  const done = new Set(), blobs = [], where = place(one.place);
  page.title(one.name, placeWords(one.place), "#/problems");
  page.add(h("section", { class: "y-panel" }, h("div", { class: "y-panel-body r-facts" }, h("p", {}, badge(one)),
    h("p", {}, icon("map-pin"), h("span", {}, [where && where.where, placeWords(one.place)].filter(Boolean).join(" "))),
    one.state !== "verified" && h("p", {}, icon("clock"), h("span", {}, "期限 " + dayWords(one.by))), one.who && h("p", {}, icon("user"), h("span", {}, "整改人 " + one.who)))));
  if (one.said.length) page.add(h("ul", { class: "r-said-list" }, one.said.map((said) => h("li", {}, h("small", {}, dayWords(said.day) + " · " + said.what), h("span", {}, said.text)))));
  page.add(...one.steps.map((row) => (row.state === "held" ? notice("amber", "您记的“" + TOOK[row.body.step] + "”：" + row.words + row.mend)
    : h("p", { class: "y-note" }, timeOf(row.made_at) + " 您记了“" + TOOK[row.body.step] + "”" + (isUnsent(row) ? "，还没发。" : "，已入库。")))));
  if (does(one, "mended")) page.add(h("fieldset", { class: "f-group" }, h("legend", {}, "做了什么"), h("div", { class: "r-picks" }, DONE.map((words) => pick(words, done)))));
  page.add(noteField(toVerify(one) ? "现场看到的" : does(one, "mended") ? "再写一句" : "写备注", 2), photoField(blobs));
  const words = () => [...done, noteOf()].filter(Boolean).join("，");
  const step = async (kind) => {
    if (kind === "mended" && !words()) { say("请点一下或写一句做了什么。"); return; }
    if ((kind === "rejected" || kind === "note") && !noteOf()) { say(kind === "note" ? "请先写一句。" : "请写一句哪里还没好。"); document.getElementById("note").focus(); return; }
    await record("problem_step", { problem: one.id, step: kind, text: words(), base: one.n + one.steps.length }, { title: TOOK[kind] + "：" + one.name + " " + placeWords(one.place), blobs });
    say("已记下：" + TOOK[kind] + "。");
    page.go("#/problems");
  };
  const may = (kind, ...more) => one.may.includes(kind) && button(...more, () => step(kind));
  page.add(button("btn-quiet r-wide", "notes", "只写备注，不算办完", () => step("note")));
  page.bar(...[may("claim", "", "hand-stop", "我来办"), may("rejected", "", "arrow-back-up", "还没好"), may("mended", "btn-primary", "circle-check", "整改好了"), may("verified", "btn-primary", "shield-check", "核实好了")].filter(Boolean));
}

const pick = (words, held) => h("label", { class: "r-check" }, h("input", { type: "checkbox", onchange: (event) => { if (event.target.checked) held.add(words); else held.delete(words); } }), h("span", {}, words));
