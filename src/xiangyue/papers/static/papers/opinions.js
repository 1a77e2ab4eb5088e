/* Opinion sheets by digits: a digit goes on to the next cell; without this script Tab does. */
(function () {
  "use strict";
  var form = document.querySelector("[data-opinions]");
  if (!form) return;
  var cells = Array.prototype.slice.call(form.querySelectorAll("input[data-digits]"));
  var told = form.querySelector("[data-count]"), nth = form.querySelector("[data-nth]");
  var wide = form.querySelectorAll("thead th").length - 2;
  var save = form.querySelector(".q-bar button");

  function say(words) {
    if (!told) return;
    var n = 0;
    form.querySelectorAll("tr[data-n]").forEach(function (row) {
      var some = Array.prototype.some.call(row.querySelectorAll("input[data-digits]"), function (one) { return one.value; });
      if (some) n += 1;
    });
    told.textContent = (words ? words + "。" : "") + "填了 " + n + " 份，还没保存";
    told.hidden = !n && !words;
  }
  function go(n) {
    if (n >= cells.length) { if (save) save.focus(); return; }
    if (n >= 0) { cells[n].focus(); cells[n].select(); }
  }
  cells.forEach(function (cell, n) {
    cell.addEventListener("input", function () {
      // full-width digits come from an input method that was left on
      var typed = cell.value.replace(/[０-９]/g, function (one) { return String.fromCharCode(one.charCodeAt(0) - 65248); });
      if (typed && cell.dataset.digits.indexOf(typed) < 0) { cell.value = ""; say("这一项没有“" + typed + "”"); return; }
      cell.value = typed;
      say();
      if (typed) go(n + 1);
    });
    cell.addEventListener("keydown", function (event) {
      var moves = { ArrowUp: -wide, ArrowDown: wide, ArrowLeft: -1, ArrowRight: 1 };
      if (event.key in moves) { event.preventDefault(); go(Math.max(0, n + moves[event.key])); }
      else if (event.key === "Backspace" && !cell.value) { event.preventDefault(); go(n - 1); }
      else if (event.key === "Enter") { event.preventDefault(); go(n + wide - (n % wide)); }
    });
  });
  if (nth) nth.addEventListener("keydown", function (event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    var first = form.querySelector('tr[data-n="' + (parseInt(nth.value, 10) || 0) + '"] input[data-digits]');
    nth.value = "";
    if (first) first.focus(); else say("没有这一份，或者已经录了");
  });
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); if (save) save.click(); }
  });
  // what look.js marks as sent is on its way: leaving then loses nothing
  window.addEventListener("beforeunload", function (event) {
    if (cells.some(function (cell) { return cell.value !== cell.defaultValue; }) && !form.dataset.sent) event.preventDefault();
  });
  if (cells.length) go(Math.max(0, cells.findIndex(function (cell) { return !cell.value; })));
})();
