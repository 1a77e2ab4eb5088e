/* A visit: the layer's tasks to tick, who came along, what was brought, a note, and the wish that was heard. */
import { app, place, placeWords, takes } from "./app.js";
import { button, h, say } from "./dom.js";
import { record } from "./outbox.js";
import { noteField, noteOf, photoField } from "./parts.js";

const KINDS = [["money", "资金", "元"], ["goods", "物资", "件"], ["work", "实事工程", "件"], ["people", "人力", "人次"], ["rubbish", "清运垃圾", "公斤"]];

const tick = (words, onchange) => h("label", { class: "r-check" }, h("input", { type: "checkbox", onchange: (event) => onchange(event.target.checked) }), h("span", {}, words));

export function visitPage(page, code) {
  const one = place(code), layers = one ? one.layers.filter((key) => app.day.layers[key]) : [];
  if (!layers.length) return page.missing();
  const done = new Set(), company = new Set(), given = [], blobs = [], box = h("div", { class: "r-stack" });
  let layer = layers[0];
  page.title("走访 " + placeWords(code), one.where, "#/place/" + code);
  const showTasks = () => {
    done.clear();
    box.replaceChildren(...app.day.layers[layer].tasks.map((task) => tick(task.name, (on) => { if (on) done.add(task.code); else done.delete(task.code); })));
  };
  if (layers.length > 1) page.add(h("div", { class: "y-field" }, h("label", { for: "layer" }, "以哪一层包保的身份"), h("select", { id: "layer", onchange: (event) => { layer = event.target.value; showTasks(); } }, layers.map((key) => h("option", { value: key }, app.day.layers[key].name)))));
  showTasks();
  page.add(group("做了什么", box));
  if (one.with) page.add(group("谁一起去的", one.with.map((other) => tick(other.name, (on) => { if (on) company.add(other.code); else company.delete(other.code); }))));
  page.add(noteField("走访情况", 3));
  if (takes("wish") && one.level === "household") page.add(h("div", { class: "y-field" }, h("label", { for: "wish" }, "这户提出的诉求", h("small", { class: "y-note" }, "（没有就不填）")), h("textarea", { id: "wish", rows: 2, maxlength: 300 })));
  page.add(givenField(given), photoField(blobs));
  page.bar(button("btn-primary", "check", "保存走访", async () => {
    const wish = document.getElementById("wish"), text = wish ? wish.value.trim() : "";
    const [scheme, code_] = layer.split("/");
    const body = { target: code, scheme, layer: code_, tasks: [...done], note: noteOf(), with: [...company], contributions: given.filter((row) => row.amount > 0) };
    const along = text ? [{ kind: "wish", title: "诉求：" + placeWords(code), body: (id) => ({ household: code, text, visit: id }) }] : [];
    await record("visit", body, { title: "走访：" + placeWords(code), blobs, along });
    say("已记下。");
    page.go("#/today");
  }));
}

const group = (words, ...more) => h("fieldset", { class: "f-group" }, h("legend", {}, words), more);

function givenField(given) {
  const rows = h("div", { class: "r-stack" });
  const add = () => {
    const row = { kind: "goods", amount: 0, what: "" }, unit = h("span", { class: "unit" }, "件");
    given.push(row);
    rows.append(h("div", { class: "r-given" },
      h("select", { "aria-label": "种类", onchange: (event) => { row.kind = event.target.value; unit.textContent = KINDS.find(([kind]) => kind === row.kind)[2]; } }, KINDS.map(([kind, words]) => h("option", { value: kind, selected: kind === row.kind }, words))),
      h("input", { type: "number", min: 1, inputmode: "numeric", "aria-label": "数量", placeholder: "数量", oninput: (event) => { row.amount = Math.round(Number(event.target.value)) || 0; } }), unit,
      h("input", { type: "text", maxlength: 60, "aria-label": "名目", placeholder: "是什么", oninput: (event) => { row.what = event.target.value.trim(); } })));
  };
  return group("投入", rows, button("", "plus", "加一项", add));
}

export function wishPage(page, code) {
  if (!place(code)) return page.missing();
  page.title("诉求 " + placeWords(code), place(code).where, "#/place/" + code);
  page.add(h("div", { class: "y-field" }, h("label", { for: "note" }, "这户要解决什么"), h("textarea", { id: "note", rows: 4, maxlength: 300 })), h("p", { class: "y-note" }, "只记要办的事；不记健康、信仰、家庭纠纷等私事。"));
  page.bar(button("btn-primary", "check", "保存诉求", async () => {
    if (!noteOf()) { say("请写一句这户要解决什么。"); document.getElementById("note").focus(); return; }
    await record("wish", { household: code, text: noteOf(), visit: null }, { title: "诉求：" + placeWords(code) });
    say("已记下。");
    page.go("#/place/" + code);
  }));
}
