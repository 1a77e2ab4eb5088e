/* A problem: where (chosen or scanned, never by coordinates), what kind, a sentence, a photo. */
import { app, place, placeWords } from "./app.js";
import { button, h, icon, notice, say } from "./dom.js";
import { searchField } from "./lists.js";
import { record } from "./outbox.js";
import { found, noteField, noteOf, photoField } from "./parts.js";

const LEVELS = ["household", "hamlet", "village", "public_place"];

export function problemPage(page, wanted) {
  const codes = Object.keys(app.day.places).filter((code) => LEVELS.includes(place(code).level));
  let where = wanted && place(wanted) ? wanted : "", kind = "";
  const blobs = [], placeBox = h("div", { class: "r-stack" }), kindBox = h("div", { class: "f-faults" });
  page.title("报问题", "", wanted ? "#/place/" + wanted : "#/today");
  if (!codes.length) return page.add(notice("slate", "名单里还没有地点。连一次网再来；或请村里代记。"));
  const choose = (code) => { where = code; showPlace(); showKinds(); };
  function showPlace() {
    if (where) {
      placeBox.replaceChildren(h("p", { class: "r-chosen" }, icon("map-pin"), h("strong", {}, placeWords(where)), h("small", {}, place(where).where), button("btn-quiet", "edit", "换一个", () => { where = ""; showPlace(); showKinds(); })));
      return;
    }
    const list = h("ul", { class: "f-list" });
    const show = (typed, code) => {
      if (code) { choose(code); return; }
      list.replaceChildren(...found(typed, codes).slice(0, typed ? 30 : 8).map((one) => h("li", {}, h("button", { type: "button", class: "f-item", onclick: () => choose(one) }, h("strong", {}, placeWords(one)), h("small", {}, place(one).where), icon("chevron-right")))));
    };
    placeBox.replaceChildren(searchField(show, "户名、门牌号或地点"), list);
    show("");
  }
  function showKinds() {
    const fits = Object.entries(app.day.problems).filter(([, one]) => !where || !one.levels.length || one.levels.includes(place(where).level));
    if (!fits.some(([code]) => code === kind)) kind = "";
    kindBox.replaceChildren(...fits.map(([code, one]) => h("label", { class: "f-fault" }, h("input", { type: "radio", name: "kind", checked: code === kind, onchange: () => { kind = code; } }), h("span", {}, icon(one.icon), one.name, h("small", { class: "y-note" }, one.days + " 天内")))));
    if (!fits.length) kindBox.replaceChildren(h("p", { class: "y-note" }, "方案里没有适合这里的问题种类。"));
  }
  showPlace();
  showKinds();
  page.add(h("fieldset", { class: "f-group" }, h("legend", {}, "在哪里"), placeBox), h("fieldset", { class: "f-group" }, h("legend", {}, "什么问题"), kindBox), noteField("说一句", 2), photoField(blobs));
  page.bar(button("btn-primary", "send", "报上去", async () => {
    if (!where) { say("请先选在哪里。"); return; }
    if (!kind) { say("请点一下是什么问题。"); return; }
    const body = { place: where, kind, text: noteOf(), source: "field", of: null };
    await record("problem", body, { title: app.day.problems[kind].name + "：" + placeWords(where), blobs });
    say("已记下。");
    page.go("#/today");
  }));
}
