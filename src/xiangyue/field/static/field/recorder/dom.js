/* Building pages: elements, pictograms, a word at the bottom, a question that waits for its answer. */
const SVG = "http://www.w3.org/2000/svg";
let icons = new Set();

export function h(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  add(made, children);
  return made;
}

function add(made, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(made, child);
    else if (child !== undefined && child !== null && child !== false) made.append(child);
  }
}

/* The sprite is laid into the page once, so that a name which is not in it shows a point instead of nothing. */
export async function layIcons(address) {
  const text = await (await fetch(address)).text();
  const box = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  box.setAttribute("hidden", "");
  box.setAttribute("aria-hidden", "true");
  document.body.append(document.importNode(box, true));
  icons = new Set(Array.from(box.querySelectorAll("symbol"), (symbol) => symbol.id));
}

export function icon(name) {
  const made = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  made.setAttribute("class", "y-icon");
  made.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#" + (icons.has(name) ? name : "point"));
  made.append(use);
  return made;
}

/* A button that answers at once and is deaf until what it began is done: a second tap records nothing twice. */
export function button(kind, name, words, act, more) {
  const made = h("button", { type: "button", class: "btn " + kind, onclick: async () => {
    if (made.hasAttribute("aria-busy")) return;
    made.setAttribute("aria-busy", "true");
    try { await act(); } finally { made.removeAttribute("aria-busy"); }
  }, ...more }, name && icon(name), h("span", {}, words));
  return made;
}

export const link = (kind, name, words, href) => h("a", { class: "btn " + kind, href }, name && icon(name), h("span", {}, words));

const TONES = { bamboo: "circle-check", amber: "alert-triangle", cinnabar: "exclamation-circle", slate: "info-circle" };

export function notice(tone, words, ...more) {
  return h("div", { class: "y-notice y-notice-" + tone, role: tone === "cinnabar" ? "alert" : "status" },
    icon(TONES[tone]), h("div", { class: "r-notice" }, h("p", {}, words), more));
}

const STATES = {
  clean: ["done", "circle-check", "正常"], fault: ["wrong", "alert-triangle", "有问题"], held: ["due", "hourglass", "待核对"],
  void: ["plain", "circle-x", "不计分"], unseen: ["due", "circle-dashed", "未查"], away: ["plain", "walk", "外出"], empty: ["plain", "home-off", "空置"],
  waiting: ["due", "cloud-upload", "没发"], sent: ["done", "circle-check", "已入库"], late: ["due", "clock", "迟到"],
  conflict: ["wrong", "arrows-left-right", "有冲突"], refused: ["wrong", "circle-x", "没有收"], undone: ["plain", "arrow-back-up", "已撤回"],
  overdue: ["wrong", "clock", "逾期"], blocked: ["due", "hourglass", "等系统升级"],
};

export function state(key, words) {
  const [tone, name, plain] = STATES[key] || STATES.unseen;
  /* words and shape say it, the colour only repeats it */
  return h("span", { class: "y-state y-state-" + tone }, icon(name), words || plain);
}

let gone = 0;

/* A word at the bottom, read out; it leaves by itself. */
export function say(words, ...more) {
  const box = document.getElementById("said");
  box.replaceChildren(h("p", {}, words), ...more);
  box.hidden = false;
  clearTimeout(gone);
  gone = setTimeout(() => { box.hidden = true; }, more.length ? 12000 : 2500);
}

/* Asks once; true for yes. */
export function ask({ title, words, yes, no = "不了", danger = false }) {
  return new Promise((resolve) => {
    const box = h("dialog", { class: "y-dialog r-dialog" });
    const done = (answer) => { box.close(); box.remove(); resolve(answer); };
    box.append(
      h("h2", {}, title), h("p", {}, words),
      h("div", { class: "r-stack" }, button(danger ? "btn-danger" : "btn-primary", "", yes, () => done(true)), button("", "", no, () => done(false))),
    );
    box.addEventListener("cancel", () => resolve(false));
    document.body.append(box);
    box.showModal();
  });
}
