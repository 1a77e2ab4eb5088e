/* What every page does by itself: size of type, light and dark, dialogs, folding, chosen rows. Pages work without it. */
(function () {
  "use strict";
  var root = document.documentElement;
  var keep = {
    get: function (key) { try { return localStorage.getItem("xiangyue." + key); } catch (e) { return null; } },
    set: function (key, value) { try { localStorage.setItem("xiangyue." + key, value); } catch (e) { /* private mode */ } }
  };

  function dark() {
    var own = root.getAttribute("data-theme");
    return own ? own === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }
  if (keep.get("type") === "large") root.setAttribute("data-type", "large");
  if (keep.get("theme") && root.getAttribute("data-face") !== "screen") root.setAttribute("data-theme", keep.get("theme"));
  if (root.getAttribute("data-face") === "office") root.setAttribute("data-bs-theme", dark() ? "dark" : "light");

  var switches = {
    type: function () {
      var large = root.getAttribute("data-type") !== "large";
      if (large) root.setAttribute("data-type", "large"); else root.removeAttribute("data-type");
      keep.set("type", large ? "large" : "plain");
    },
    theme: function () {
      var next = dark() ? "light" : "dark";
      root.setAttribute("data-theme", next);
      if (root.getAttribute("data-face") === "office") root.setAttribute("data-bs-theme", next);
      keep.set("theme", next);
      document.dispatchEvent(new CustomEvent("xiangyue:theme"));
    }
  };

  function chosen(form) {
    var rows = form.querySelectorAll("[data-row-choice]");
    var n = form.querySelectorAll("[data-row-choice]:checked").length;
    var bar = form.querySelector("[data-bulk]");
    var all = form.querySelector("[data-choose-all]");
    if (bar) { bar.hidden = n === 0; bar.querySelector("[data-bulk-count]").textContent = n; }
    if (all) { all.checked = n > 0 && n === rows.length; all.indeterminate = n > 0 && n < rows.length; }
  }

  document.addEventListener("click", function (event) {
    var hit = function (selector) { return event.target.closest(selector); };
    var found;
    if ((found = hit("[data-switch]"))) { event.preventDefault(); switches[found.dataset.switch](); return; }
    if ((found = hit("[data-open]"))) { var dialog = document.getElementById(found.dataset.open); if (dialog) dialog.showModal(); return; }
    if ((found = hit("[data-close]"))) { found.closest("dialog").close(); return; }
    if ((found = hit("[data-toggle]"))) {
      var open = found.getAttribute("aria-expanded") !== "true";
      found.setAttribute("aria-expanded", open);
      document.getElementById(found.dataset.toggle).classList.toggle("is-open", open);
      return;
    }
    if ((found = hit("[data-print]"))) { window.print(); return; }
    if ((found = hit("[data-copy]"))) { copy(found, document.getElementById(found.dataset.copy)); return; }
    if ((found = hit("tr[data-href]")) && !hit("a, button, input, label, select, summary") && !String(window.getSelection())) {
      window.location.href = found.dataset.href;
    }
    document.querySelectorAll("details.y-menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") document.querySelectorAll("details.y-menu[open]").forEach(function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
  });
  document.addEventListener("change", function (event) {
    var it = event.target;
    if (it.matches("[data-choose-all]")) {
      it.form.querySelectorAll("[data-row-choice]").forEach(function (box) { box.checked = it.checked; });
      chosen(it.form);
    } else if (it.matches("[data-row-choice]")) chosen(it.form);
    else if (it.matches("[data-go] select, [data-go] input[type=checkbox], [data-go] input[type=radio], [data-go] input[type=date]")) it.form.requestSubmit();
    else if (it.matches(".y-drop input[type=file]")) named(it);
  });

  // Where the browser does not let a page write to the clipboard, the text is chosen and can be copied by hand.
  function copy(button, from) {
    var words = "value" in from ? from.value : from.innerText;
    var done = function () { button.lastChild.textContent = button.dataset.copied; };
    var choose = function () {
      if (from.select) { from.focus(); from.select(); } else window.getSelection().selectAllChildren(from);
      try { if (document.execCommand("copy")) done(); } catch (e) { /* chosen all the same */ }
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(words).then(done, choose); else choose();
  }

  function named(input) {
    var names = Array.prototype.map.call(input.files, function (file) {
      return file.name + "（" + (file.size >= 1048576 ? (file.size / 1048576).toFixed(1) + " MB" : Math.ceil(file.size / 1024) + " KB") + "）";
    });
    var words = input.closest(".y-drop").querySelector("[data-drop-name]");
    words.textContent = names.join("、") || words.dataset.dropName;
    input.closest(".y-drop").classList.toggle("has-file", names.length > 0);
  }
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var zone = event.target.closest && event.target.closest(".y-drop");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        var input = zone.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        named(input);
      }
    });
  });
  /* what was typed into a form that is refused stands in it again, once, in this tab */
  var HELD = "xiangyue.typed";
  function kept(form) {
    return Array.prototype.filter.call(form.elements, function (it) {
      return it.name && !/^(hidden|password|file|submit|button)$/.test(it.type) && !(it.type === "checkbox" && it.hasAttribute("data-row-choice"));
    });
  }
  function hold(form) {
    var typed = kept(form).map(function (it) { return [it.name, it.value, !!it.checked]; });
    try { sessionStorage.setItem(HELD, JSON.stringify({ to: form.getAttribute("action"), at: Array.prototype.indexOf.call(document.forms, form), typed: typed })); } catch (e) { /* private mode */ }
  }
  document.addEventListener("DOMContentLoaded", function () {
    var text = null;
    try { text = sessionStorage.getItem(HELD); sessionStorage.removeItem(HELD); } catch (e) { /* private mode */ }
    if (!text || !document.querySelector(".y-messages .y-notice-error")) return;
    var held = JSON.parse(text), at = document.forms[held.at];
    var form = at && at.getAttribute("action") === held.to ? at : Array.prototype.find.call(document.forms, function (one) { return one.getAttribute("action") === held.to; });
    var fields = form ? kept(form) : [];
    if (fields.length !== held.typed.length) return;
    fields.forEach(function (it, n) {
      var was = held.typed[n];
      if (it.name !== was[0]) return;
      if (it.type === "checkbox" || it.type === "radio") { if (it.value === was[1]) it.checked = was[2]; } else it.value = was[1];
    });
    for (var box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  });
  /* on a phone a long form that is refused opens at what is wrong, not at the head of the page */
  document.addEventListener("DOMContentLoaded", function () {
    var wrong = document.querySelector("main form [aria-invalid=true]");
    if (!wrong || document.activeElement === wrong) return;
    for (var box = wrong.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    wrong.focus({ preventScroll: true });
    function show() {
      if (document.activeElement === wrong) (wrong.closest(".y-field") || wrong).scrollIntoView({ block: "center", behavior: "instant" });
    }
    show();
    /* what comes late (letters, pictures, styles on a slow line) pushes it away again */
    window.addEventListener("load", function () { window.requestAnimationFrame(show); }, { once: true });
  });
  /* paper has everything that is folded on the screen */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.y-part").forEach(function (part) { part.open = true; });
  });
  /* a second tap on a slow line sends nothing twice */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || (form.method || "get").toLowerCase() !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    hold(form);
    window.addEventListener("pageshow", function () { delete form.dataset.sent; }, { once: true });
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
})();
