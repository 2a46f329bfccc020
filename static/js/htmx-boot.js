/* Brings htmx from the copy on this server when the tag from elsewhere fails, stays silent or carries
   other bytes than its integrity promises. Runs before that tag. The page works without any of it. */
(function () {
  "use strict";
  var own = document.currentScript;
  var asked = false;

  function local() {
    if (asked || window.htmx) return;
    asked = true;
    // A late answer must not start htmx a second time: a script whose document changed never runs.
    var tag = document.getElementById("htmx-tag");
    if (tag) document.implementation.createHTMLDocument("").adoptNode(tag);
    var script = document.createElement("script");
    script.src = own.dataset.local;
    document.head.appendChild(script);
  }

  // Error events of tags do not bubble: hear them on their way down.
  document.addEventListener("error", function (event) {
    if (event.target && event.target.id === "htmx-tag") local();
  }, true);

  document.addEventListener("DOMContentLoaded", function () {
    if (!document.getElementById("htmx-tag")) local();
  });
  window.setTimeout(local, 1500);
})();
