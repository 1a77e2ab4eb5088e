/* Logging out on a page while the recorder still holds unsent records: first it is asked what becomes of them. */
(function () {
  "use strict";
  document.addEventListener("submit", function (event) {
    var form = event.target, unsent = /(?:^|; )xy_unsent=([1-9]\d*)/.test(document.cookie);
    if (!form.dataset.leave || !unsent) return;
    event.preventDefault();
    event.stopPropagation();
    window.location.href = form.dataset.leave;
  }, true);
})();
