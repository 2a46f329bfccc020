/* A wall looks again by itself. The body says where (data-wall-poll, an address that holds what was
   drawn) and how often in seconds (data-wall-every). 204: as it was. Anything else is drawn in its
   place. Without this the page refreshes itself by its own noscript line. */
(function () {
  "use strict";
  var own = document.currentScript && document.currentScript.src;
  var fails = 0;

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }

  // How many cards stand whole in a column is for the screen to say: the rest are told as a number.
  function settle() {
    all("[data-wall-more]").forEach(function (line) {
      var list = line.parentNode.querySelector("[data-wall-cards]");
      var cards = list ? Array.prototype.slice.call(list.children) : [];
      line.hidden = false;
      line.textContent = "and more";
      var shown = cards.filter(function (card) { return card.offsetLeft === cards[0].offsetLeft; }).length;
      var rest = Number(line.dataset.wallMore) - shown;
      line.hidden = rest < 1;
      line.textContent = "and " + rest + " more";
    });
  }

  function say(words) {
    all("[data-wall-updated]").forEach(function (place) { place.textContent = words; });
  }

  function styles(root) {
    return Array.prototype.map.call(root.querySelectorAll('link[rel="stylesheet"]'), function (link) {
      return link.getAttribute("href");
    });
  }

  function draw(html) {
    var fresh = new DOMParser().parseFromString(html, "text/html");
    var script = fresh.querySelector('script[src*="/js/wall.js"]');
    // Another version of this file, or a page that is no wall: begin from the start.
    if (!script || new URL(script.getAttribute("src"), location.href).href !== own) { location.reload(); return null; }
    var have = styles(document);
    return Promise.all(styles(fresh).filter(function (href) { return have.indexOf(href) < 0; }).map(function (href) {
      return new Promise(function (done) {
        var link = document.createElement("link");
        link.rel = "stylesheet"; link.href = href; link.onload = link.onerror = done;
        document.head.appendChild(link);
      });
    })).then(function () {
      var theme = fresh.documentElement.getAttribute("data-theme");
      if (theme) document.documentElement.setAttribute("data-theme", theme);
      document.title = fresh.title;
      document.documentElement.replaceChild(document.adoptNode(fresh.body), document.body);
      settle();
      var live = document.getElementById("announce");
      if (live) setTimeout(function () { live.textContent = "The wall has changed."; }, 500);
      document.dispatchEvent(new CustomEvent("wall:drawn"));
    });
  }

  function look() {
    var from = document.body.dataset.wallPoll;
    if (!from || document.hidden) return Promise.resolve();
    return fetch(from, { headers: { "X-Poll": "1" }, credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (answer.status >= 500) throw new Error("away");
        fails = 0;
        if (answer.status === 204) {
          if (answer.headers.get("X-Updated")) say("Updated " + answer.headers.get("X-Updated"));
          return null;
        }
        if (answer.redirected || !answer.ok) { location.reload(); return null; }
        return answer.text().then(draw);
      })
      .catch(function () {
        fails += 1;
        if (fails === 2) all("[data-wall-updated]").forEach(function (place) {
          place.textContent = "No connection. " + place.textContent;
        });
      });
  }

  function again() {
    var seconds = Number(document.body.dataset.wallEvery) || 30;
    setTimeout(function () { look().then(again, again); }, seconds * 1000);
  }

  function begin() {
    settle();
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(settle);
    addEventListener("resize", settle);
    again();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
