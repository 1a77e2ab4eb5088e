/* My households, my villages, my route: search by name or door, scan a card, open what can be recorded there. */
import { app, checksOf, marksOf, mine, place, placeWords } from "./app.js";
import { button, h, icon, notice, say, state } from "./dom.js";
import { more } from "./door.js";
import { found, placeList } from "./parts.js";
import { canScan, scan } from "./scan.js";
import { atHand, problemRow } from "./steps.js";

const LEVELS = { household: "户", hamlet: "屯组", village: "村", township: "乡镇", public_place: "公共场所", county: "县" };

export function searchField(onfind, words = "按姓名、门牌号查找") {
  const field = h("input", { type: "search", id: "find", placeholder: words, oninput: () => onfind(field.value), autocomplete: "off" });
  return h("div", { class: "r-find" }, h("label", { class: "y-hidden", for: "find" }, words), field,
    canScan() && button("", "qrcode", "扫码", async () => { const code = await scan(); if (code) onfind("", code); }));
}

export function placesPage(page) {
  const codes = mine().map(([code]) => code), list = h("div", { class: "r-stack" });
  page.title(codes.some((code) => place(code).level === "household") ? "我的户" : "我的对象", app.day.user.name + " · " + codes.length + " 个");
  if (!codes.length) return page.add(notice("slate", "还没有由您包保的户或村。指定后连一次网就能看到。"));
  const show = (typed, code) => {
    if (code) { page.go("#/place/" + code); return; }
    const here = found(typed, codes);
    list.replaceChildren(...groups(here));
    if (!here.length) list.append(notice("slate", "没有找到。请换一个字，或按门牌号找。"));
  };
  page.add(searchField(show), list);
  show("");
}

/* Along the road: place by place, in the order of the doors. */
function groups(codes) {
  const byPlace = new Map();
  for (const code of codes) {
    const key = place(code).where || LEVELS[place(code).level];
    byPlace.set(key, [...(byPlace.get(key) || []), code]);
  }
  return [...byPlace].map(([name, here]) => h("section", {}, h("h2", { class: "f-day" }, name + " · " + here.length), placeList(here, (code) => "#/place/" + code)));
}

export function placePage(page, code) {
  const one = place(code);
  if (!one) return page.missing();
  page.title(placeWords(code), [one.where, LEVELS[one.level]].filter(Boolean).join(" · "), "#/places");
  const checks = checksOf(true).concat(checksOf(false)).filter(([, check]) => check.places.includes(code));
  for (const [key, check] of checks) {
    const told = marksOf(key).get(code), where = check.round ? "#/door/" : "#/sheet/";
    page.add(h("a", { class: "f-item r-card", href: where + encodeURIComponent(key) + "/" + code }, h("strong", {}, check.name), h("small", {}, "今天"), state(told ? told.mark : "unseen")));
  }
  const problems = atHand().filter((row) => row.place === code);
  if (problems.length) page.add(h("section", {}, h("h2", { class: "f-day" }, "这里的问题"), h("ul", { class: "f-list" }, problems.map(problemRow))));
  page.add(more(code));
  for (const key of one.layers || []) {
    const layer = app.day.layers[key];
    if (layer) page.add(h("section", { class: "y-panel" }, h("header", { class: "y-panel-head" }, h("h2", {}, layer.name), layer.every && h("span", { class: "y-note" }, layer.every)),
      h("div", { class: "y-panel-body" }, h("ul", {}, layer.tasks.map((task) => h("li", {}, task.name))))));
  }
}

/* The kinds of sheet that may be made today. */
export const kindList = (kinds) => h("ul", { class: "f-list" }, kinds.map(([one, told]) => h("li", {}, h("a", { class: "f-item", href: "#/sheets/" + encodeURIComponent(one) },
  h("strong", {}, told.name), h("small", {}, told.places.length + " 个对象"), icon("chevron-right")))));

/* The sheets of an office or a team: kind by kind, in the order of the route. */
export function sheetsPage(page, wanted) {
  const kinds = checksOf(false), [key, check] = kinds.find(([one]) => one === wanted) || (kinds.length === 1 ? kinds[0] : []);
  page.title("督查记分", check ? check.name : "选一种检查", "#/today");
  if (!check) {
    return page.add(kindList(kinds));
  }
  const list = h("div", {}), marks = marksOf(key);
  const show = (typed, code) => {
    if (code && check.places.includes(code)) { page.go("#/sheet/" + encodeURIComponent(key) + "/" + code); return; }
    if (code) say("今天不查这里。");
    list.replaceChildren(placeList(found(typed, check.places).slice(0, 200), (one) => "#/sheet/" + encodeURIComponent(key) + "/" + one, marks));
  };
  page.add(searchField(show, "按名称查找"), list);
  show("");
}
