/* When the session has ended, here or in another tab, the page goes to the sign-in by itself. */
(function () {
  "use strict";
  var SECONDS = 30;

  function check() {
    fetch("/_stcore/health", { cache: "no-store", credentials: "same-origin" })
      .then(function (answer) { if (answer.status === 401) { location.reload(); } })
      .catch(function () { /* the server is away: the page reconnects by itself */ });
  }

  setInterval(check, SECONDS * 1000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { check(); } });
})();
