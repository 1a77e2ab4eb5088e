/* An inspection's sheet: area by area, item by item; what is clean needs no tap. */
import { app, marksOf, place, placeWords } from "./app.js";
import { button, h, say, state } from "./dom.js";
import { record } from "./outbox.js";
import { entriesOf, noteField, noteOf, photoField, tiles } from "./parts.js";

const points = (hundredths) => String(hundredths / 100);

export function sheetPage(page, key, code, route) {
  const check = app.day.checks[key], one = place(code);
  if (!check || !one) return page.missing();
  const standard = app.day.standards[check.standard], held = new Map(), skipped = new Set(), amounts = new Map(), blobs = [];
  const told = marksOf(key).get(code), back = route ? "#/route/" + route : "#/sheets/" + encodeURIComponent(key);
  page.title(placeWords(code), [one.where, check.name].filter(Boolean).join(" · "), back);
  if (told) page.add(h("p", { class: "y-note" }, state(told.mark), " 今天已记过；再保存一次，以这一次为准。"));
  page.add(h("p", { class: "y-note" }, "没有问题的条目不用点。"));
  let number = 0;
  for (const area of standard.areas) {
    page.add(h("section", { class: "r-area" }, h("h2", { class: "f-day" }, area.name), area.items.map((item) => itemBox(item, ++number, held, skipped, amounts))));
  }
  page.add(noteField(), photoField(blobs));
  if (standard.standing) page.add(h("p", { class: "y-note" }, standard.name + " · " + standard.standing));
  page.bar(button("btn-primary", "check", "保存这张表", async () => {
    const entries = entriesOf(standard, held).filter((entry) => !skipped.has(entry.item));
    skipped.forEach((item) => entries.push({ item, applicable: false }));
    amounts.forEach((amount, item) => { if (amount > 0) entries.push({ item, amount }); });
    const note = noteOf(), body = { check: check.code, scheme: check.scheme, subject: code, entries, ...(note ? { note } : {}) };
    await record("sheet", body, { title: check.name + "：" + placeWords(code) + (entries.length ? " " + entries.length + " 条" : " 全部正常"), blobs });
    say("已记下。");
    page.go(back);
  }));
}

function itemBox(item, number, held, skipped, amounts) {
  const taps = item.taps.length ? tiles(item, held) : null;
  const skip = item.na && h("label", { class: "r-check" }, h("input", { type: "checkbox", onchange: (event) => {
    if (event.target.checked) skipped.add(item.code); else skipped.delete(item.code);
    if (taps) taps.hidden = event.target.checked;
  } }), h("span", {}, "不适用"));
  const amount = item.amount && h("label", { class: "r-check" }, h("input", { type: "number", min: 0, max: item.most / 100, step: 0.01, inputmode: "decimal", oninput: (event) => amounts.set(item.code, Math.round(Number(event.target.value) * 100)) }), h("span", {}, "加分"));
  return h("fieldset", { class: "f-group" }, h("legend", {}, number + ". " + item.name, h("small", { class: "unit" }, points(item.most) + " 分")), taps, amount, skip, item.photo && h("p", { class: "y-note" }, "请拍照：" + item.photo));
}
