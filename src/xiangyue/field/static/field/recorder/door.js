/* One door of a round: tap what is wrong, or save that all is fine. */
import { app, marksOf, place, placeWords, takes } from "./app.js";
import { button, h, link, notice, say, state } from "./dom.js";
import { record } from "./outbox.js";
import { entriesOf, heldOf, noteField, noteOf, photoField, tiles } from "./parts.js";
import { owes } from "./today.js";

export function doorPage(page, key, code) {
  const check = app.day.checks[key], one = place(code);
  if (!check || !one) return page.missing();
  const standard = app.day.standards[check.standard], told = marksOf(key).get(code), held = heldOf(told && told.entries), blobs = [];
  page.title(placeWords(code), [one.where, check.name].filter(Boolean).join(" · "), "#/today/" + encodeURIComponent(key));
  if (told) page.add(h("p", { class: "y-note" }, state(told.mark), " 今天已记过；再保存一次，以这一次为准。"));
  if (!owes(code)) page.add(notice("slate", "这户外出或空置，今天不要求检查；记了也不参加评比。"));
  page.add(...faultGroups(standard, held), noteField(), photoField(blobs, whyOf(standard)), more(code));
  if (standard.standing) page.add(h("p", { class: "y-note" }, standard.name + " · " + standard.standing));
  page.bar(button("btn-primary", "check", "保存", async () => {
    const entries = entriesOf(standard, held), note = noteOf();
    const fault = { subject: code, entries, ...(note ? { note } : {}) };
    const title = check.name + "：" + placeWords(code) + (entries.length ? " 有问题" : " 正常");
    await record("round", { check: check.code, scheme: check.scheme, fine: [], faults: [fault] }, { title, blobs });
    say("已记下。");
    page.go("#/today/" + encodeURIComponent(key));
  }));
}

export function faultGroups(standard, held) {
  const items = standard.areas.flatMap((area) => area.items).filter((item) => item.kind !== "bonus" && item.taps.length);
  return items.map((item) => h("fieldset", { class: "f-group" }, h("legend", {}, item.name), tiles(item, held)));
}

const whyOf = (standard) => (standard.areas.flatMap((area) => area.items).find((item) => item.photo) || {}).photo;

/* What else can be recorded at this door. */
export function more(code) {
  const found = [], one = place(code);
  if (takes("visit") && one.layers && one.layers.length) found.push(link("", "walk", "走访", "#/visit/" + code));
  if (takes("wish") && one.level === "household") found.push(link("", "message-2", "记诉求", "#/wish/" + code));
  if (takes("problem")) found.push(link("", "message-report", "报问题", "#/problem/" + code));
  return found.length ? h("nav", { class: "r-ways", "aria-label": "这里还要记什么" }, found) : null;
}
