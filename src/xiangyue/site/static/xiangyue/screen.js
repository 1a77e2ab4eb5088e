/* The wall: one slide after the other, and the clock. Without script the first slide stands. */
(function () {
  "use strict";
  var stage = document.querySelector("[data-slides]");
  var slides = Array.prototype.slice.call(document.querySelectorAll(".s-slide"));
  var dots = document.querySelector("[data-dots]");
  var clock = document.querySelector("[data-clock]");
  var now = 0;

  function show(index) {
    now = index;
    slides.forEach(function (slide, i) { slide.classList.toggle("is-now", i === now); });
    if (dots) Array.prototype.forEach.call(dots.children, function (dot, i) { dot.classList.toggle("is-now", i === now); });
  }
  function tick() {
    if (clock) clock.textContent = new Date().toLocaleString("zh-CN", { month: "long", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  }
  if (stage && slides.length) {
    stage.classList.add("is-rotating");
    if (dots) slides.forEach(function () { dots.appendChild(document.createElement("li")); });
    show(0);
    var asked = parseInt((location.hash.match(/^#slide-(\d+)$/) || [])[1], 10);
    if (asked >= 1 && asked <= slides.length) show(asked - 1);
    else if (slides.length > 1) window.setInterval(function () { show((now + 1) % slides.length); }, 1000 * (parseInt(stage.dataset.seconds, 10) || 12));
  }
  tick();
  window.setInterval(tick, 10000);
})();
