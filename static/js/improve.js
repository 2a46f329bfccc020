/* Small comforts on top of pages that work without them: where the focus goes after a swap, the move
   dialog, Ctrl+Enter, printing, a draft of an idea on one's own phone, and two quiet warnings. */
(function () {
  "use strict";
  var DRAFT = "improve-idea-draft";
  var DAY = 24 * 60 * 60 * 1000;
  var dialog = null;
  var opener = null;

  function one(selector, root) { return (root || document).querySelector(selector); }
  function all(selector, root) { return Array.from((root || document).querySelectorAll(selector)); }

  /* ---- focus: one marked element takes it, once */
  function focusMarked(root) {
    var marked = one(".error-summary[data-focus]", root) || one("[data-focus]", root);
    if (!marked) return false;
    all("[data-focus]").forEach(function (other) { other.removeAttribute("data-focus"); });
    if (!marked.hasAttribute("tabindex") && !marked.matches("a[href],button,input,select,textarea")) {
      marked.setAttribute("tabindex", "-1");
    }
    marked.focus();
    return true;
  }

  /* ---- the dialog: filled by htmx, native in everything else */
  function isForDialog(context) {
    var target = context && context.target;
    return Boolean(target && target.nodeType === 1 && target.closest && target.closest("#dialog"));
  }

  function settleDialog() {
    var body = one("#dialog-body");
    if (!dialog || !body) return;
    if (!body.firstElementChild) {
      if (dialog.open) dialog.close();
      return;
    }
    if (!one(".dialog-close", body)) {
      var close = document.createElement("button");
      close.type = "button";
      close.className = "button dialog-close";
      close.setAttribute("aria-label", "Close");
      close.setAttribute("data-close-dialog", "");
      var icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("class", "icon icon-24");
      icon.setAttribute("aria-hidden", "true");
      icon.setAttribute("viewBox", "0 0 24 24");
      var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M18 6L6 18M6 6l12 12");
      path.setAttribute("fill", "none");
      path.setAttribute("stroke", "currentColor");
      path.setAttribute("stroke-width", "2");
      path.setAttribute("stroke-linecap", "round");
      icon.appendChild(path);
      close.appendChild(icon);
      body.appendChild(close);
    }
    var heading = one("h1, h2", body);
    if (heading) {
      heading.id = heading.id || "dialog-title";
      dialog.setAttribute("aria-labelledby", heading.id);
    }
    if (!dialog.open) dialog.showModal();
    if (!focusMarked(body) && heading) {
      heading.setAttribute("tabindex", "-1");
      heading.focus();
    }
  }

  function whenClosed() {
    var body = one("#dialog-body");
    if (body) body.replaceChildren();
    if (focusMarked()) return;
    if (opener && opener.isConnected) { opener.focus(); return; }
    // The card moved and its link with it: its title stands for it.
    var card = opener && opener.dataset && opener.dataset.card && document.getElementById(opener.dataset.card);
    var link = card && one(".card-title a", card);
    if (link) link.focus();
  }

  /* ---- errors that reach no form */
  // A bar behind an open dialog would be seen by nobody: then the words stand in the dialog.
  function pageError(words) {
    var bar = one("#page-error");
    if (dialog && dialog.open && words) {
      var body = one("#dialog-body");
      var own = one(".dialog-error", body);
      if (!own) {
        own = document.createElement("p");
        own.className = "dialog-error error";
        own.setAttribute("role", "alert");
        body.prepend(own);
      }
      own.textContent = words;
      dialog.scrollTop = 0;
      if (bar) bar.textContent = "";
    } else if (bar) {
      bar.textContent = words;
      if (words) bar.scrollIntoView({ block: "nearest" });
    }
    if (!words) all(".dialog-error").forEach(function (old) { old.remove(); });
  }

  function isForPageError(context) {
    var target = context && context.target;
    return target === "#page-error" || Boolean(target && target.id === "page-error");
  }

  function hasUnsentWords(root) {
    return all("textarea, input[type=text], input:not([type])", root).some(function (box) {
      return box.value.trim() !== box.defaultValue.trim();
    });
  }

  document.addEventListener("htmx:before:request", function (event) {
    var context = event.detail && event.detail.ctx;
    if (!context) return;
    if (isForDialog(context) && (!dialog || !dialog.open)) {
      opener = context.sourceElement;
      var card = opener.closest && opener.closest("[id^='card-']");
      if (card) opener.dataset.card = card.id;
    }
    var target = context.target;
    if (target && target.setAttribute) target.setAttribute("aria-busy", "true");
    pageError("");
  });

  document.addEventListener("htmx:finally:request", function (event) {
    var context = event.detail && event.detail.ctx;
    if (context && context.target && context.target.removeAttribute) context.target.removeAttribute("aria-busy");
    all("[aria-busy]").forEach(function (busy) { busy.removeAttribute("aria-busy"); });
  });

  /* ---- words typed while a part was on its way stay: the new part shows what was sent before them */
  var typed = {};
  document.addEventListener("htmx:before:swap", function (event) {
    var context = event.detail && event.detail.ctx;
    typed = {};
    if (!context || !isForDialog(context) || !context.vals || !context.vals.show) return;
    all("#dialog-body textarea, #dialog-body input[type='text']").forEach(function (field) {
      if (field.name && field.value !== field.defaultValue) typed[field.name] = field.value;
    });
  });

  document.addEventListener("htmx:after:swap", function (event) {
    var context = event.detail && event.detail.ctx;
    all("#dialog-body textarea, #dialog-body input[type='text']").forEach(function (field) {
      if (Object.hasOwn(typed, field.name)) field.value = typed[field.name];
    });
    typed = {};
    if (!context || context.swap === "none") return;
    if (isForPageError(context)) {
      pageError(one("#page-error").textContent.trim());
    } else if (isForDialog(context)) {
      settleDialog();
    } else {
      if (dialog && dialog.open && !isBackground(context)) dialog.close();
      focusMarked();
    }
  });

  // A poll or a type-ahead never closes a dialog that someone writes in.
  function isBackground(context) {
    var source = context.sourceElement;
    return Boolean(source && source.closest && source.closest("[data-background]"));
  }

  document.addEventListener("htmx:response:error", function (event) {
    var context = event.detail && event.detail.ctx;
    var status = context && context.response && context.response.status;
    if (status >= 500 && !isBackground(context)) pageError("We could not save this. Your words are still here. Try again.");
  });

  document.addEventListener("htmx:error", function (event) {
    if (event.detail && event.detail.ctx) {
      if (isBackground(event.detail.ctx)) return;
      pageError("No connection. Your words are still here. Try again when you have signal.");
    }
  });

  // The server says so with HX-Trigger when its answer leaves the dialog's own part alone.
  document.addEventListener("improve:close-dialog", function () {
    if (dialog && dialog.open) dialog.close();
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : event.target.parentElement;
    if (!target) return;
    if (target.closest("[data-close-dialog]") && dialog && dialog.open && dialog.contains(target)) {
      event.preventDefault();
      dialog.close();
    } else if (target.closest("[data-print]")) {
      window.print();
    }
  });

  /* Ctrl+Enter sends the form of the box one writes in; there is no other shortcut. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var box = event.target;
    if (!box || box.tagName !== "TEXTAREA" || !box.form) return;
    event.preventDefault();
    box.form.requestSubmit();
  });

  /* ---- the idea form on one's own phone */
  function readDraft() {
    try {
      var kept = JSON.parse(window.localStorage.getItem(DRAFT) || "null");
      if (kept && Date.now() - kept.at < DAY) return kept;
      window.localStorage.removeItem(DRAFT);
    } catch (ignored) { /* a browser may refuse storage */ }
    return null;
  }
  function dropDraft() {
    try { window.localStorage.removeItem(DRAFT); } catch (ignored) { /* as above */ }
  }

  function keepDraft(form) {
    var boxes = all("textarea, input[type=text]", form);
    var kept = readDraft();
    if (kept) {
      boxes.forEach(function (box) {
        if (!box.value && Object.prototype.hasOwnProperty.call(kept.words, box.name)) box.value = kept.words[box.name];
      });
    }
    form.addEventListener("input", function () {
      var words = {};
      boxes.forEach(function (box) { if (box.name && box.value) words[box.name] = box.value; });
      try { window.localStorage.setItem(DRAFT, JSON.stringify({ at: Date.now(), words: words })); }
      catch (ignored) { /* as above */ }
    });
  }

  function offlineBar(isKept) {
    var bar = one("#offline-bar");
    if (bar) return bar;
    bar = document.createElement("div");
    bar.id = "offline-bar";
    bar.className = "offline-bar";
    bar.setAttribute("role", "alert");
    bar.textContent = isKept
      ? "No connection. Kept on this phone. Send again when you have signal."
      : "No connection. Your words are still on this page. Send again when you have signal.";
    var head = one(".site-head");
    if (head) head.after(bar); else document.body.prepend(bar);
    return bar;
  }

  function watchSignal(isOwnDevice) {
    var form = one("form[data-idea-form]");
    window.addEventListener("online", function () {
      var bar = one("#offline-bar");
      if (bar) bar.remove();
    });
    if (!form) return;
    // Leaving the page without a line would lose the words: stay, and say so.
    form.addEventListener("submit", function (event) {
      if (navigator.onLine !== false) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      offlineBar(isOwnDevice);
    }, true);
    window.addEventListener("offline", function () { offlineBar(isOwnDevice); });
  }

  /* ---- two minutes before the session ends */
  function watchSession() {
    var bar = one("#session-bar");
    var ends = Date.parse(document.body.dataset.sessionEndsAt || "");
    if (!bar || !ends) return;
    var timer = null;
    // Opening this page was a use: from a use, the session lasts as long as it has from now.
    var span = ends - Date.now();
    function plan() {
      window.clearTimeout(timer);
      var wait = ends - Date.now() - 120000;
      // Longer waits than a day overflow the timer and need no warning on this page.
      if (wait < DAY) timer = window.setTimeout(function () { bar.hidden = false; }, Math.max(0, wait));
    }
    function used() {
      ends = Date.now() + span;
      bar.hidden = true;
      plan();
    }
    plan();
    document.addEventListener("htmx:after:swap", function (event) {
      if (event.detail && event.detail.ctx && !isBackground(event.detail.ctx)) used();
    });
    one("form", bar).addEventListener("submit", function (event) {
      event.preventDefault();
      var form = event.currentTarget;
      window.fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual" })
        .then(function (answer) {
          if (answer.status >= 400) throw new Error("refused");
          used();
          var announce = one("#announce");
          if (announce) announce.textContent = "You stay signed in.";
        })
        .catch(function () { form.submit(); });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var isOwnDevice = document.body.hasAttribute("data-own-device");
    dialog = one("#dialog");
    if (dialog && dialog.showModal) {
      dialog.addEventListener("close", whenClosed);
      dialog.addEventListener("cancel", function (event) {
        if (one(".dialog-error", dialog) || !hasUnsentWords(dialog)) return;
        event.preventDefault();
        pageError("Your words are not sent yet. Press Escape again to close without them.");
      });
    }
    all("[data-print]").forEach(function (button) { button.hidden = false; });
    var form = one("form[data-idea-form]");
    if (form && isOwnDevice) keepDraft(form);
    if (one("[data-idea-sent]") || !isOwnDevice) dropDraft();
    watchSignal(isOwnDevice);
    watchSession();
    focusMarked();
  });
})();
