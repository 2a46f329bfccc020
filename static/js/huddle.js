/* A huddle with script: its clock ticks, and words stay where they are when there is no signal.
   The page works without this: the server draws the time, and the browser keeps what was typed. */
(function () {
  "use strict";

  /* ---- the clock: drawn by the server, counted on from there. No sound, nothing read out. */
  function two(number) { return (number < 10 ? "0" : "") + number; }

  function tick() {
    document.querySelectorAll("[data-timer]").forEach(function (timer) {
      // A part that was swapped in brings the server's time with it.
      if (!timer.since) timer.since = performance.now();
      if (timer.dataset.running !== "1") return;
      var seconds = Number(timer.dataset.seconds) + Math.floor((performance.now() - timer.since) / 1000);
      var words = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
      var shown = timer.querySelector("[data-used]");
      if (shown && shown.textContent !== words) shown.textContent = words;
      var over = timer.querySelector("[data-over]");
      if (over && seconds >= Number(timer.dataset.planned)) over.hidden = false;
    });
  }

  /* ---- no signal: stay on the page, say so once, and send again when asked */
  function noSignal() {
    var bar = document.getElementById("offline-bar");
    if (!bar) {
      bar = document.createElement("div");
      bar.id = "offline-bar";
      bar.className = "offline-bar";
      bar.setAttribute("role", "alert");
      var head = document.querySelector(".site-head");
      if (head) head.after(bar); else document.body.prepend(bar);
    }
    bar.textContent = "No connection. Your words are still here. Send again when you have signal.";
    bar.scrollIntoView({ block: "nearest" });
  }

  function isOurs(node) {
    return Boolean(node && node.closest && node.closest("form[data-huddle-form]"));
  }

  document.addEventListener("submit", function (event) {
    if (navigator.onLine !== false || !isOurs(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    noSignal();
  }, true);

  // The line may be gone without the browser knowing: then sending fails.
  document.addEventListener("htmx:error", function (event) {
    var context = event.detail && event.detail.ctx;
    if (!context || context.response || !isOurs(context.sourceElement)) return;
    event.stopImmediatePropagation();
    noSignal();
  }, true);

  function hasSignal() {
    var bar = document.getElementById("offline-bar");
    if (bar) bar.remove();
  }
  window.addEventListener("online", hasSignal);
  document.addEventListener("htmx:after:request", function (event) {
    if (event.detail && event.detail.ctx && isOurs(event.detail.ctx.sourceElement)) hasSignal();
  });

  /* ---- a card that teaches stays away once it was put away, on this screen */
  function hideCards() {
    var hidden = false;
    try { hidden = sessionStorage.getItem("improve-huddle-cards") === "away"; } catch (ignored) { /* refused */ }
    document.querySelectorAll("details[data-teach]").forEach(function (card) {
      if (card.dataset.heard) return;
      card.dataset.heard = "1";
      if (hidden) card.open = false;
      card.addEventListener("toggle", function () {
        try { sessionStorage.setItem("improve-huddle-cards", card.open ? "" : "away"); } catch (ignored) { /* refused */ }
      });
    });
  }

  /* ---- in a long list the open one is in sight */
  function showOpen() {
    var open = document.querySelector(".huddle-item[aria-current]");
    var list = open && open.closest("ol");
    if (list && list.scrollHeight > list.clientHeight) {
      list.scrollTop = open.getBoundingClientRect().top - list.getBoundingClientRect().top - 12;
    }
  }

  // A form brings the whole part with it.
  document.addEventListener("htmx:after:swap", function () {
    hideCards();
    showOpen();
  });

  document.addEventListener("DOMContentLoaded", function () {
    hideCards();
    showOpen();
    tick();
    window.setInterval(tick, 1000);
  });
})();
