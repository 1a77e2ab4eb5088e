/* Me: whose phone it is now, how things stand, and leaving it without losing or leaving anything. */
import { app } from "./app.js";
import { dayWords, timeOf, today } from "./clock.js";
import { ask, button, h, icon, link, notice, say } from "./dom.js";
import { send } from "./outbox.js";
import { handOver, leave, open, sealedHere, unsent } from "./person.js";
import { places } from "./server.js";

export function mePage(page) {
  const user = app.day.user, at = new Date().toISOString();
  page.title(user.name, user.person);
  page.add(h("section", { class: "y-panel" }, h("header", { class: "y-panel-head" }, h("h2", {}, "这部手机")), h("div", { class: "y-panel-body" },
    h("p", {}, "名单：" + dayWords(app.day.day) + "，" + Object.values(app.day.places).filter((one) => one.mine).length + " 个对象。"),
    h("p", {}, "没发的记录：" + unsent().length + " 条。现在 " + dayWords(today()) + " " + timeOf(at) + "。"),
    h("p", {}, app.stays ? "系统已答应不清理这里的记录。" : "手机存储紧张时系统可能清理浏览器数据，请尽快连网发出记录。"),
    h("p", { class: "y-note" }, "备案号 " + app.day.filing))));
  page.add(h("ul", { class: "f-list" },
    row("网页版：窗口代录、近七天的记录", places.online), row("我的账号和密码", document.documentElement.dataset.account), row("使用说明", document.documentElement.dataset.help), row("投诉建议", document.documentElement.dataset.complaints)));
  page.add(button("r-wide", "text-size", "大字", () => document.querySelector("[data-switch=type]").click()));
  page.add(link("r-wide", "lock-open", "打开交来的记录文件", "#/unlock"));
  page.add(button("r-wide", "logout", "退出登录", () => leaveAsked(page)));
}

const row = (words, href) => href && h("li", {}, h("a", { class: "f-item", href }, h("strong", {}, words), icon("chevron-right")));

async function leaveAsked(page) {
  if (unsent().length) { page.go("#/leave"); return; }
  if (await ask({ title: "退出登录？", words: "这部手机上的名单会删掉，下次登录再取。", yes: "退出", no: "不退" })) await out();
}

async function out(pin) {
  await leave(pin);
  /* without signal there is no log-in page to go to; the recorder itself says that nobody is here */
  if (app.reached === false) location.replace(location.pathname + "#/today");
  else location.replace(places.login);
}

const pinField = (id, words) => h("div", { class: "y-field" }, h("label", { for: id }, words), h("input", { id, type: "password", inputmode: "numeric", autocomplete: "off", minlength: 6 }));
const typed = (id) => document.getElementById(id).value.trim();

/* Leaving with unsent records: send them, lock them here, or take them along as a file. */
export function leavePage(page) {
  const n = unsent().length;
  page.title("退出前：还有 " + n + " 条没发", app.day.user.name, "#/me");
  page.add(notice("amber", "现在退出，别人用这部手机时看不到、也发不出这些记录。请选一种办法。"));
  page.add(h("section", { class: "r-stack" }, h("h2", { class: "f-day" }, "一、现在发出去"), button("btn-primary r-wide", "send", "现在发送", async () => {
    say("正在发送……");
    await send(true);
    if (unsent().length) say("还没发出去：没有信号，或登录已过期。");
    else await leaveAsked(page);
  })));
  page.add(h("section", { class: "r-stack" }, h("h2", { class: "f-day" }, "二、锁在这部手机里"), h("p", { class: "y-note" }, "想一个至少 6 位的数。下次您在这部手机上登录，输入它就能接着发；忘了就打不开。"), pinField("pin", "密码数字"), pinField("pin2", "再输一遍"),
    button("r-wide", "lock", "锁好并退出", async () => {
      const pin = good();
      if (pin) await out(pin);
    }),
    button("r-wide", "file", "用这个密码存成文件，带到别的手机或电脑上发", async () => {
      const pin = good();
      if (!pin) return;
      await give(await handOver(pin));
      if (await ask({ title: "文件存好了吗？", words: "确认文件已经保存或发给了自己，再退出；退出后这里仍锁着一份。", yes: "存好了，退出", no: "还没有" })) await out(pin);
    })));
}

function good() {
  const pin = typed("pin");
  if (pin.length < 6) { say("至少 6 位。"); return ""; }
  if (pin !== typed("pin2")) { say("两遍不一样，请重输。"); return ""; }
  return pin;
}

async function give(file) {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/* Opening what was locked on this phone, or came as a file. */
export async function unlockPage(page) {
  page.title("打开锁着的记录", app.day.user.name, "#/today");
  let bundle = await sealedHere();
  const words = h("p", {}, bundle ? "锁着 " + bundle.n + " 条。" : "这部手机上没有锁着的记录；可以选一个交来的文件。");
  const file = h("input", { type: "file", id: "bundle", class: "y-hidden", onchange: async () => {
    try { bundle = JSON.parse(await file.files[0].text()); words.textContent = "文件里锁着 " + Number(bundle.n) + " 条。"; } catch (error) { say("这个文件不是记录文件。"); }
  } });
  page.add(words, h("div", { class: "r-stack" }, file, h("label", { class: "btn r-wide", for: "bundle" }, icon("file"), h("span", {}, "选交来的文件"))), pinField("pin", "密码数字"));
  page.bar(button("btn-primary", "lock-open", "打开", async () => {
    if (!bundle) { say("请先选文件。"); return; }
    const done = await open(bundle, typed("pin"));
    if (done === null) say("这些记录是别人的，只能由本人登录后打开。");
    else if (!done) say("密码不对。");
    else { say("已打开，正在发送。"); page.go("#/outbox"); }
  }));
}
