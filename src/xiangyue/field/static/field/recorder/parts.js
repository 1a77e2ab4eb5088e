/* Parts that several screens share: the tiles of faults, the note, the photos, the list of places. */
import { app, place, placeWords, takes } from "./app.js";
import { button, h, icon, say, state } from "./dom.js";
import { MOST, shrink } from "./photos.js";

/* Tiles of one item; `held` maps a tile's key to how many; the map is kept up to date as they are tapped. */
export function tiles(item, held) {
  return h("div", { class: "f-faults" }, item.taps.map((tap) => {
    const key = item.code + " " + JSON.stringify(tap.says);
    const words = () => (held.get(key) || 1) + " " + tap.unit, number = tap.unit && h("output", { class: "num", "aria-live": "polite" }, words());
    const times = tap.unit && h("div", { class: "r-times", hidden: !held.has(key) },
      button("r-step", "minus", "", () => count(-1), { "aria-label": tap.words + "，少一" + tap.unit }), number, button("r-step", "plus", "", () => count(1), { "aria-label": tap.words + "，多一" + tap.unit }));
    const box = h("input", { type: "checkbox", checked: held.has(key), onchange: () => {
      if (box.checked) held.set(key, 1); else held.delete(key);
      if (number) number.value = words();
      if (times) times.hidden = !box.checked;
    } });
    function count(by) {
      held.set(key, Math.min(99, Math.max(1, (held.get(key) || 1) + by)));
      number.value = words();
    }
    return h("div", { class: "f-tile" }, h("label", { class: "f-fault" }, box, h("span", {}, icon(tap.icon), tap.words)), times);
  }));
}

/* The entries that the tapped tiles of a standard say. */
export function entriesOf(standard, held) {
  const found = [];
  for (const area of standard.areas) for (const item of area.items) for (const tap of item.taps) {
    const n = held.get(item.code + " " + JSON.stringify(tap.says));
    if (n) found.push({ item: item.code, ...tap.says, ...(tap.says.step && n > 1 ? { n } : {}) });
  }
  return found;
}

/* The map that these entries were tapped from. */
export function heldOf(entries) {
  return new Map((entries || []).map(({ item, n, ...says }) => [item + " " + JSON.stringify(says), n || 1]));
}

export function noteField(words = "备注", rows = 2, most = 300) {
  return h("div", { class: "y-field" }, h("label", { for: "note" }, words, h("small", { class: "y-note" }, "（可不填）")), h("textarea", { id: "note", rows, maxlength: most }));
}

export const noteOf = () => { const field = document.getElementById("note"); return field ? field.value.trim() : ""; };

/* Photos, taken or chosen; `blobs` is filled with what the phone made of them. */
export function photoField(blobs, why) {
  if (!takes("photo")) return null;
  const shown = h("div", { class: "r-photos" });
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "y-hidden", id: "photo", onchange: async () => {
    const file = input.files[0];
    input.value = "";
    if (!file) return;
    try {
      const blob = await shrink(file);
      blobs.push(blob);
      show();
    } catch (error) {
      say("这个文件不是照片，或手机打不开它。请重新拍一张。");
    }
  } });
  function show() {
    shown.replaceChildren(...blobs.map((blob, at) => {
      const address = URL.createObjectURL(blob);
      return h("figure", {}, h("img", { src: address, alt: "第 " + (at + 1) + " 张照片", onload: () => URL.revokeObjectURL(address) }),
        button("btn-quiet", "trash", "去掉", () => { blobs.splice(at, 1); show(); }));
    }));
    taker.hidden = blobs.length >= MOST;
  }
  const taker = h("label", { class: "btn r-wide", for: "photo" }, icon("camera"), h("span", {}, "拍照"), h("small", { class: "y-note" }, why || "（可不拍，不带位置）"));
  return h("div", { class: "r-stack" }, input, taker, shown);
}

/* A list of places to tap; each row goes where `href` says. */
export function placeList(codes, href, marks) {
  return h("ul", { class: "f-list" }, codes.map((code) => {
    const one = place(code), away = one.state === "away" || one.state === "empty";
    const told = marks && marks.get(code);
    return h("li", {}, h("a", { class: "f-item", href: href(code) },
      h("strong", {}, placeWords(code), one.ownYard && h("span", { class: "y-chip" }, "自家院")),
      h("small", {}, [one.where, one.standsIn && "代班", one.state === "help" && "需帮助"].filter(Boolean).join(" · ")),
      marks ? state(told ? told.mark : away ? one.state : "unseen") : icon("chevron-right")));
  }));
}

/* The places whose name, door or code holds what was typed; all of them for nothing typed. */
export function found(typed, codes) {
  const words = typed.trim();
  if (!words) return codes;
  const number = words.replace(/[号户]$/, "");
  return codes.filter((code) => {
    const one = app.day.places[code];
    return one.name.includes(words) || (one.head || "").includes(words) || (one.where || "").includes(words)
      || (/^\d+$/.test(number) && (one.name.replace(/\D/g, "") === number || code.endsWith("-H" + number.padStart(5, "0"))));
  });
}
