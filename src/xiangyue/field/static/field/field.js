/* The maker's own id (UUID version 7) and clock on each capture; without it the server gives both. */
(function () {
  "use strict";
  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), stamp = Date.now();
    for (var at = 5; at >= 0; at--) { bytes[at] = stamp % 256; stamp = Math.floor(stamp / 256); }
    bytes[6] = bytes[6] & 15 | 112;
    bytes[8] = bytes[8] & 63 | 128;
    var hex = Array.from(bytes, function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function put(form, name, value) {
    var input = form.querySelector("input[name=" + name + "]");
    if (!input) { input = document.createElement("input"); input.type = "hidden"; input.name = name; form.append(input); }
    input.value = value;
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, now = new Date().toISOString();
    if (!form.matches("[data-capture]")) return;
    /* sent a second time it is the same capture: id and time of the first tap stay */
    if (!form.dataset.made) { form.dataset.made = now; put(form, "id", newId()); put(form, "made_at", now); }
    put(form, "sent_at", now);
    var button = event.submitter || form.querySelector("button");
    if (button) button.setAttribute("aria-busy", "true");
  }, true);
})();
