/* One tap is one tap: sent at once, or kept on this phone while there is no signal and sent later, each
   with a random key of its own, so that a tap sent twice counts once. The page works without this. */
(() => {
  "use strict";
  var KEPT = "improve-taps";
  var busy = false;
  var taps = [];
  var count = 0;
  var form, undo;

  function one(id) { return document.getElementById(id); }
  function kept() { return JSON.parse(localStorage.getItem(KEPT) || "[]"); }
  function keep(list) { localStorage.setItem(KEPT, JSON.stringify(list)); }
  function drop(entry) {
    keep(kept().filter((other) => other.key !== entry.key || other.url !== entry.url));
  }
  function mark(list, name) {
    list.forEach((entry) => { entry[name] = 1; });
  }

  function say(words, isWarning) {
    var line = document.createElement("p");
    line.className = "message" + (isWarning ? " message-warn" : "");
    if (!isWarning) line.append(one("tally-icon").content.cloneNode(true));
    line.append(words);
    one("tally-said").replaceChildren(line);
  }
  function showKept(why) {
    var list = kept();
    var waiting = list.filter((tap) => {
      return tap.late && tap.answer && !list.some((other) => other.key === tap.key && !other.answer);
    }).length;
    var line = one("tally-kept");
    line.hidden = !waiting;
    line.textContent = waiting + (waiting === 1 ? " tap" : " taps") + " kept on this phone. " + (why || "They are sent when there is signal.");
  }

  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  // The Monday of this week by the council's clocks: a kept tap belongs to the week it was made in.
  function week() {
    try {
      var day = new Date(new Intl.DateTimeFormat("sv-SE", { timeZone: form.dataset.zone }).format() + "T00:00Z");
      day.setUTCDate(day.getUTCDate() - (day.getUTCDay() + 6) % 7);
      return day.toISOString().slice(0, 10);
    } catch (unknown) { return form.elements.week.value; }
  }

  function send() {
    var list = kept();
    var next = list[0];
    if (busy || !next || navigator.onLine === false) return;
    busy = true;
    mark([next], "tried");
    keep(list);
    fetch(next.url, {
      method: "POST", redirect: "manual", headers: { "HX-Request": "true" },
      body: new URLSearchParams({ csrf_token: undo.elements.csrf_token.value, key: next.key, answer: next.answer, week: next.week, kept: next.late || "" })
    }).then((answer) => {
      busy = false;
      var isLost = [404, 422].includes(answer.status);
      if (!answer.ok && !isLost) return wait([400, 401, 403].includes(answer.status) && "Open this page again and sign in to send them.");
      drop(next);
      // It can never be counted: say so, and let the others go on.
      if (isLost) say("Not counted. The tally is closed, or that week is over.", true);
      showKept();
      send();
    }, () => { busy = false; wait(); });
  }
  function wait(why) {
    var list = kept();
    mark(list, "late");
    keep(list);
    showKept(why);
  }
  function add(url, key, answer) {
    var isLate = navigator.onLine === false;
    keep(kept().concat({ url: url, key: key, answer: answer, week: answer && week(), late: isLate ? 1 : 0 }));
    return isLate;
  }

  function tap(button) {
    var last = { key: newKey(), words: (button.lastElementChild || button).textContent };
    var isLate = add(form.action, last.key, button.value);
    taps.push(last);
    count += 1;
    say((isLate ? "Kept: " : "Counted: ") + last.words + (count > 1 ? " (tap " + count + ")" : ""));
  }
  function takeBack() {
    var last = taps.pop();
    if (!last) return;
    var waiting = kept().find((entry) => entry.key === last.key);
    // One that may have arrived is taken back behind it; one that never left is only forgotten.
    if (waiting && !waiting.tried) drop(waiting);
    else add(undo.action, last.key, "");
    count -= 1;
    say("Taken back" + (last.words && ": " + last.words) + ". It is not counted.", true);
  }
  function did(act) {
    return (event) => {
      var button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      act(button);
      undo.classList.toggle("is-idle", !taps.length);
      showKept();
      send();
    };
  }

  document.addEventListener("DOMContentLoaded", () => {
    form = one("taps");
    undo = one("undo");
    // Without a place to keep taps the form does it alone.
    try { if (!undo) return; keep(kept()); } catch (refused) { return; }
    if (undo.elements.key.value) { taps.push({ key: undo.elements.key.value, words: "" }); count = 1; }
    if (form) form.addEventListener("click", did(tap));
    undo.addEventListener("click", did(takeBack));
    window.addEventListener("online", send);
    window.setInterval(send, 15000);
    showKept();
    send();
  });
})();
