/* The sum runs along while a sheet is typed; what counts is what the server works out. */
(function () {
  "use strict";
  var form = document.querySelector("[data-sheet]");
  if (!form) return;
  function show(hundredths) { return (hundredths / 100).toFixed(2); }
  function number(input) { var n = parseInt(input.value, 10); return n > 0 ? n : 0; }
  function item(row) {
    var full = Number(row.dataset.maximum), kind = row.dataset.kind, gone = row.querySelector("[data-gone]");
    var result = { full: kind === "bonus" || kind === "zero" ? 0 : full, got: full, bonus: 0, zero: false };
    if (gone && gone.checked) return { full: 0, got: 0, bonus: 0, zero: false };
    var moved = 0;
    row.querySelectorAll("[data-each]").forEach(function (input) {
      var n = number(input);
      moved += n ? (Number(input.dataset.each) ? Number(input.dataset.each) * n : full) : 0;
    });
    var choice = row.querySelector("select"), bonus = row.querySelector("[data-bonus]");
    if (kind === "bonus") {
      result.bonus = Math.min(full, bonus ? Math.round(Number(bonus.value || 0) * 100) : moved);
      result.got = result.bonus;
    } else if (kind === "zero") {
      result.zero = choice && choice.selectedIndex > 0;
      result.got = 0;
    } else if (choice) result.got = Number(choice.selectedOptions[0].dataset.left);
    else result.got = Math.max(0, full - moved);
    return result;
  }
  function sum() {
    var full = 0, got = 0, bonus = 0, zero = false;
    form.querySelectorAll("[data-item]").forEach(function (row) {
      var one = item(row);
      row.querySelector("[data-got]").textContent = show(one.got);
      row.classList.toggle("is-lost", one.zero || (row.dataset.kind !== "bonus" && one.got < Number(row.dataset.maximum)));
      full += one.full; got += row.dataset.kind === "bonus" ? 0 : one.got; bonus += one.bonus; zero = zero || one.zero;
    });
    var out = form.querySelector("[data-total]");
    if (zero) out.textContent = "0.00";
    else if (!full) out.textContent = "—";
    else out.textContent = show(Math.min(10000, Math.floor((2 * 10000 * got + full) / (2 * full)) + bonus));
  }
  form.addEventListener("input", sum);
  sum();
})();
