/* The idea form: on one's own phone what was typed is kept for a day, and a line that is gone is told
   before the page is left. Loaded by the form's page only; improve.js takes a sent draft away. */
(() => {
  "use strict";
  const DRAFT = "improve-idea-draft";
  const DAY = 24 * 60 * 60 * 1000;
  const form = document.querySelector("form[data-idea-form]");
  const isOwnDevice = document.body.hasAttribute("data-own-device");
  if (!form) return;

  function readDraft() {
    try {
      const kept = JSON.parse(localStorage.getItem(DRAFT) || "null");
      if (kept && Date.now() - kept.at < DAY) return kept;
      localStorage.removeItem(DRAFT);
    } catch (ignored) { /* a browser may refuse storage */ }
    return null;
  }

  function keepDraft() {
    const boxes = form.querySelectorAll("textarea, input[type=text]");
    const kept = readDraft();
    if (kept) {
      boxes.forEach((box) => {
        if (!box.value && Object.hasOwn(kept.words, box.name)) box.value = kept.words[box.name];
      });
    }
    form.addEventListener("input", () => {
      const words = {};
      boxes.forEach((box) => { if (box.name && box.value) words[box.name] = box.value; });
      try { localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), words: words })); }
      catch (ignored) { /* as above */ }
    });
  }

  function offlineBar() {
    if (document.getElementById("offline-bar")) return;
    const bar = document.createElement("div");
    bar.id = bar.className = "offline-bar";
    bar.setAttribute("role", "alert");
    bar.textContent = `No connection. ${isOwnDevice ? "Kept on this phone." : "Your words are still on this page."}` +
      " Send again when you have signal.";
    const head = document.querySelector(".site-head");
    if (head) head.after(bar); else document.body.prepend(bar);
  }

  if (isOwnDevice) keepDraft();
  // Leaving the page without a line would lose the words: stay, and say so.
  form.addEventListener("submit", (event) => {
    if (navigator.onLine !== false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    offlineBar();
  }, true);
  window.addEventListener("offline", offlineBar);
  window.addEventListener("online", () => { document.getElementById("offline-bar")?.remove(); });
})();
