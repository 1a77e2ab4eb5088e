/* The grid of a sheet, by the keyboard alone. Cells are no text fields, so that no input method stands in between. */
(function () {
  "use strict";
  var form = document.querySelector("[data-typing]");
  if (!form) return;
  var data = JSON.parse(document.getElementById("filled").textContent);
  var rows = Array.prototype.slice.call(form.querySelectorAll("tr[data-line]"));
  var grid = rows.map(function (row) { return Array.prototype.slice.call(row.querySelectorAll("td[role=gridcell]")); });
  var wishes = Array.prototype.slice.call(form.querySelectorAll("[data-wish]"));
  var told = form.querySelector("[data-count]"), nDays = grid.length ? grid[0].length : 0;
  var values = grid.map(function () { return []; }), shut = grid.map(function () { return {}; });
  var at = [0, 0], jump = "", dirty = false, kept = false;

  function paint(r, d) {
    var cell = grid[r][d], value = values[r][d] || "";
    cell.textContent = value === "." ? "√" : value.replace(/(.)\1+/g, function (all, one) { return one + all.length; });
    cell.className = shut[r][d] ? "is-shut" : value === "." ? "is-fine" : value ? "is-fault" : "";
  }
  function put(r, d, value) {
    if (shut[r][d]) return;
    values[r][d] = value; dirty = true; paint(r, d);
  }
  function go(r, d) {
    r = Math.max(0, Math.min(grid.length - 1, r)); d = Math.max(0, Math.min(nDays - 1, d));
    grid[at[0]][at[1]].tabIndex = -1;
    at = [r, d]; grid[r][d].tabIndex = 0; grid[r][d].focus();
  }
  function next() {
    var r = at[0], d = at[1];
    do { r += 1; } while (r < grid.length && shut[r][d]);
    if (r < grid.length) { go(r, d); return; }
    top(d + 1);
  }
  function top(d) {
    if (d >= nDays) { form.querySelector(".q-bar button").focus(); return; }
    for (var r = 0; r < grid.length; r += 1) if (!shut[r][d]) { go(r, d); return; }
    if (d + 1 < nDays && grid.some(function (_, row) { return !shut[row][d + 1]; })) top(d + 1);
    else form.querySelector(".q-bar button").focus();
  }
  function rest() {
    // who is away or whose house is empty owes nothing: only a key of its own says that it was seen
    for (var r = 0; r < grid.length; r += 1) if (!shut[r][at[1]] && !values[r][at[1]] && data.resting.indexOf(r + 1) < 0) put(r, at[1], ".");
    top(at[1] + 1);
  }
  function letter(key) {
    var value = (values[at[0]][at[1]] || "").replace(".", ""), known = data.letters;
    if (!(key in known)) { say("本表没有字母 " + key); return; }
    if (value.indexOf(key) >= 0 && !known[key]) return;
    if (value.split(key).length > 9) return;
    put(at[0], at[1], (value + key).split("").sort().join(""));
    say();
  }
  function say(words) {
    var n = 0, faults = 0;
    values.forEach(function (row) { row.forEach(function (value) { if (value) { n += 1; if (value !== ".") faults += 1; } }); });
    told.textContent = (words ? words + "。" : "") + "已填 " + n + " 格，其中 " + faults + " 格有字母。" + (jump ? "跳到第 " + jump + " 行" : "");
  }
  var moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
  function press(event) {
    var key = event.key, was = jump;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
    jump = "";
    if (/^[0-9]$/.test(key)) {
      jump = (was + key).slice(-String(grid.length).length);
      if (+jump >= 1 && +jump <= grid.length) go(+jump - 1, at[1]);
      say();
    } else if (key === "Enter") { if (!values[at[0]][at[1]]) put(at[0], at[1], "."); next(); say(); }
    else if (key === "+" && !form.hasAttribute("data-visits")) { rest(); say(); }
    else if (key in moves) go(at[0] + moves[key][0], at[1] + moves[key][1]);
    else if (key === "Home") go(0, at[1]);
    else if (key === "End") go(grid.length - 1, at[1]);
    else if (key === "Backspace" || key === "Delete") { put(at[0], at[1], ""); say(); }
    else if (/^[a-zA-Z]$/.test(key)) letter(key.toUpperCase());
    else return;
    event.preventDefault();
  }
  function pack() {
    var cells = {}, told_wishes = {};
    values.forEach(function (row, r) {
      row.forEach(function (value, d) { if (value) { (cells[d] = cells[d] || {})[r + 1] = value; } });
    });
    wishes.forEach(function (input) { if (input.value.trim()) told_wishes[input.dataset.wish] = input.value.trim(); });
    form.elements.filled.value = JSON.stringify({ cells: cells, wishes: told_wishes });
    kept = true;
  }

  Object.keys(data.shut).forEach(function (line) { data.shut[line].forEach(function (d) { shut[line - 1][d] = true; }); });
  Object.keys(data.cells).forEach(function (d) {
    Object.keys(data.cells[d]).forEach(function (line) { if (values[line - 1]) values[line - 1][d] = data.cells[d][line]; });
  });
  Object.keys(data.wishes).forEach(function (line) {
    wishes.forEach(function (input) { if (input.dataset.wish === line) input.value = data.wishes[line]; });
  });
  data.wished.forEach(function (line) {
    wishes.forEach(function (input) { if (+input.dataset.wish === line) input.placeholder = "（已登记）"; });
  });
  grid.forEach(function (row, r) { row.forEach(function (cell, d) { paint(r, d); }); });
  form.querySelector("table").addEventListener("keydown", press);
  form.querySelector("table").addEventListener("mousedown", function (event) {
    grid.forEach(function (row, r) { var d = row.indexOf(event.target); if (d >= 0) { event.preventDefault(); go(r, d); } });
  });
  wishes.forEach(function (input) {
    input.addEventListener("input", function () { dirty = true; });
    // Enter in a wish goes on to the next line, it does not save half a sheet
    input.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); go(+input.dataset.wish, at[1]); }
    });
  });
  form.addEventListener("submit", pack);
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit(); }
  });
  window.addEventListener("beforeunload", function (event) { if (dirty && !kept) event.preventDefault(); });
  if (grid.length && nDays) {
    var first = 0;
    while (first < nDays - 1 && values.some(function (row) { return row[first]; })) first += 1;
    top(first);
  }
  say();
})();
