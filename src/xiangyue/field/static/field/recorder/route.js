/* A team's day: where it goes, in the order of the route, which sheets are in; nothing before the targets were opened. */
import { app, marksOf, place, placeWords } from "./app.js";
import { dayWords, today } from "./clock.js";
import { h, icon, notice, state } from "./dom.js";

/* The inspections of my teams that are on today. */
export const routes = () => (app.day.inspections || []).filter((one) => one.from <= today() && today() <= one.to);

/* The kinds of check that may be made today besides those routes. */
export function besideRoutes(kinds) {
  const stops = new Map();
  for (const one of routes()) for (const key of one.checks) stops.set(key, (stops.get(key) || 0) + one.stops.length);
  return kinds.filter(([key, check]) => check.places.length > (stops.get(key) || 0));
}

/* Each sheet of a stop with what is known of it: a colleague's that is in, or what this phone recorded. */
const sheetsOf = (one, stop) => one.checks.filter((key) => app.day.checks[key]).map((key) => {
  const here = marksOf(key).get(stop.place);
  return { key, mark: here ? here.mark : stop.left.includes(key) ? "" : "sent" };
});
const isDone = (one, stop) => Boolean(stop.unseen) || sheetsOf(one, stop).every((sheet) => sheet.mark);
const counted = (one) => "已查 " + one.stops.filter((stop) => isDone(one, stop)).length + " / " + one.stops.length;

export const routeCards = () => routes().map((one) => h("a", { class: "f-item r-card", href: "#/route/" + one.id },
  h("strong", {}, "今天的督查：" + one.name), h("small", {}, "第 " + one.team + " 组 · " + (one.opened ? counted(one) : "对象还没有打开")), icon("chevron-right")));

export function routePage(page, id) {
  const one = routes().find((row) => String(row.id) === id);
  if (!one) { page.title("督查", "", "#/today"); return page.add(notice("slate", "今天没有这次督查，或已经收队。")); }
  page.title(one.name + " · 第 " + one.team + " 组", [dayWords(today()), one.opened && counted(one)].filter(Boolean).join(" · "), "#/today");
  const told = [one.with.length && "同组：" + one.with.join("、"), one.vehicle && "车辆：" + one.vehicle].filter(Boolean);
  if (told.length) page.add(h("p", { class: "y-note" }, told.join("；") + "。"));
  if (!one.opened) {
    return page.add(notice("slate", "督查对象还封着，谁的手机上都没有。请在有信号的地方由组员打开；打开以后路线存在手机里，没有信号也能记。",
      h("a", { class: "btn btn-primary", href: one.page }, icon("lock-open"), h("span", {}, "去打开对象"))));
  }
  page.add(h("p", { class: "y-note" }, "按这个次序走。没有问题的条目不用点。"), h("ol", { class: "f-list" }, one.stops.flatMap((stop, at) => stopRows(one, stop, at + 1))));
  page.add(h("a", { class: "btn r-wide", href: one.page }, icon("flag"), h("span", {}, "去收队")), h("p", { class: "y-note" }, "收队要有信号；有去不了的，在那里写原因。"));
}

function stopRows(one, stop, number) {
  const sheets = sheetsOf(one, stop), several = sheets.length > 1;
  return sheets.map(({ key, mark }) => h("li", {}, h("a", { class: "f-item", href: "#/sheet/" + encodeURIComponent(key) + "/" + stop.place + "/" + one.id },
    h("strong", {}, number + ". " + placeWords(stop.place)), h("small", {}, [place(stop.place).where, several && app.day.checks[key].name, stop.unseen && "没有查：" + stop.unseen].filter(Boolean).join(" · ")),
    state(mark || (stop.unseen ? "void" : "unseen"), mark || !stop.unseen ? "" : "没有查"))));
}
