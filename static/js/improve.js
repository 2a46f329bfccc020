/* Small comforts on top of pages that work without them: where the focus goes after a swap, the move
   dialog, Ctrl+Enter, printing, and a quiet warning before the session ends. */
(() => {
  "use strict";
  var DAY = 24 * 60 * 60 * 1000;
  var dialog = null;
  var opener = null;

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const hear = (name, act) => document.addEventListener(name, act);
  // What htmx tells of a request: its context, once there is one.
  function hearHtmx(name, act) {
    hear("htmx:" + name, (event) => {
      if (event.detail?.ctx) act(event.detail.ctx);
    });
  }
  const isOpen = () => Boolean(dialog?.open);
  function shut() { if (isOpen()) dialog.close(); }
  function make(tag, facts) {
    var made = tag === "svg" || tag === "path"
      ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    Object.keys(facts).forEach((name) => { made.setAttribute(name, facts[name]); });
    return made;
  }

  /* ---- focus: one marked element takes it, once */
  function focusMarked(root) {
    var marked = one(".error-summary[data-focus]", root) || one("[data-focus]", root);
    if (!marked) return false;
    all("[data-focus]").forEach((other) => { other.removeAttribute("data-focus"); });
    if (!marked.hasAttribute("tabindex") && !marked.matches("a[href],button,input,select,textarea")) {
      marked.setAttribute("tabindex", "-1");
    }
    marked.focus();
    return true;
  }

  /* ---- the dialog: filled by htmx, native in everything else */
  const isIn = (selector, node) => Boolean(node?.closest?.(selector));
  const isForDialog = (context) => isIn("#dialog", context.target);
  // A poll or a type-ahead never closes a dialog that someone writes in.
  const isBackground = (context) => isIn("[data-background]", context.sourceElement);

  function settleDialog() {
    var body = one("#dialog-body");
    if (!dialog || !body) return;
    if (!body.firstElementChild) return shut();
    if (!one(".dialog-close", body)) {
      var close = make("button", { type: "button", class: "button dialog-close", "aria-label": "Close", "data-close-dialog": "" });
      var icon = make("svg", { class: "icon icon-24", "aria-hidden": "true", viewBox: "0 0 24 24" });
      icon.append(make("path", { d: "M18 6L6 18M6 6l12 12", fill: "none", stroke: "currentColor",
        "stroke-width": "2", "stroke-linecap": "round" }));
      close.append(icon);
      body.append(close);
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
    if (!opener) return;
    if (opener.isConnected) return opener.focus();
    // The card moved and its link with it: its title stands for it.
    var card = opener.dataset.card && document.getElementById(opener.dataset.card);
    var link = card && one(".card-title a", card);
    if (link) link.focus();
  }

  /* ---- errors that reach no form */
  // A bar behind an open dialog would be seen by nobody: then the words stand in the dialog.
  function pageError(words) {
    var bar = one("#page-error");
    if (isOpen() && words) {
      var body = one("#dialog-body");
      var own = one(".dialog-error", body);
      if (!own) {
        own = make("p", { class: "dialog-error error", role: "alert" });
        body.prepend(own);
      }
      own.textContent = words;
      dialog.scrollTop = 0;
      if (bar) bar.textContent = "";
    } else if (bar) {
      bar.textContent = words;
      if (words) bar.scrollIntoView({ block: "nearest" });
    }
    if (!words) all(".dialog-error").forEach((old) => { old.remove(); });
  }

  function hasUnsentWords(root) {
    return Array.from(all("textarea, input[type=text], input:not([type])", root))
      .some((box) => box.value.trim() !== box.defaultValue.trim());
  }

  hearHtmx("before:request", (context) => {
    if (isForDialog(context) && !isOpen()) {
      opener = context.sourceElement;
      var card = opener.closest?.("[id^='card-']");
      if (card) opener.dataset.card = card.id;
    }
    context.target?.setAttribute?.("aria-busy", "true");
    pageError("");
  });

  hear("htmx:finally:request", () => {
    all("[aria-busy]").forEach((busy) => { busy.removeAttribute("aria-busy"); });
  });

  /* ---- words typed while a part was on its way stay: the new part shows what was sent before them */
  var typed = {};
  /* Where the focus goes when what had it went: what stood around it. */
  var around = null;
  function keepPlace() {
    if (document.activeElement !== document.body) return;
    var place = around?.isConnected ? around : one("#main");
    if (!place) return;
    if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  }
  function typedIn() { return all("#dialog-body textarea, #dialog-body input[type='text']"); }
  hearHtmx("before:swap", (context) => {
    around = context.target?.parentElement;
    typed = {};
    if (!isForDialog(context) || !context.vals?.show) return;
    typedIn().forEach((field) => {
      if (field.name && field.value !== field.defaultValue) typed[field.name] = field.value;
    });
  });

  hearHtmx("after:swap", (context) => {
    typedIn().forEach((field) => {
      if (Object.hasOwn(typed, field.name)) field.value = typed[field.name];
    });
    typed = {};
    if (context.swap === "none") return;
    if (context.target === "#page-error" || context.target?.id === "page-error") {
      pageError(one("#page-error").textContent.trim());
    } else if (isForDialog(context)) {
      settleDialog();
    } else {
      if (!isBackground(context)) shut();
      if (!focusMarked() && !isBackground(context)) keepPlace();
    }
  });

  hearHtmx("response:error", (context) => {
    if (context.response?.status >= 500 && !isBackground(context)) pageError("We could not save this. Your words are still here. Try again.");
  });

  hearHtmx("error", (context) => {
    if (!isBackground(context)) pageError("No connection. Your words are still here. Try again when you have signal.");
  });

  // The server says so with HX-Trigger when its answer leaves the dialog's own part alone.
  hear("improve:close-dialog", shut);

  hear("click", (event) => {
    var target = event.target.closest ? event.target : event.target.parentElement;
    if (!target) return;
    if (target.closest("[data-close-dialog]") && isOpen() && dialog.contains(target)) {
      event.preventDefault();
      shut();
    } else if (target.closest("[data-print]")) {
      print();
    }
  });

  /* Ctrl+Enter sends the form of the box one writes in; there is no other shortcut. */
  hear("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var box = event.target;
    if (!box || box.tagName !== "TEXTAREA" || !box.form) return;
    event.preventDefault();
    box.form.requestSubmit();
  });

  /* Escape folds away what dropped down over the page, and gives the focus back to what opened it. */
  hear("keydown", (event) => {
    var drop = event.key === "Escape" && event.target.closest?.("details.drop[open]");
    if (!drop) return;
    drop.open = false;
    one("summary", drop).focus();
  });

  /* ---- two minutes before the session ends */
  function watchSession() {
    var bar = one("#session-bar");
    var ends = Date.parse(document.body.dataset.sessionEndsAt || "");
    if (!bar || !ends) return;
    var timer = null;
    // Opening this page was a use: from a use, the session lasts as long as it has from now.
    var span = ends - Date.now();
    function plan() {
      clearTimeout(timer);
      var wait = ends - Date.now() - 120000;
      // Longer waits than a day overflow the timer and need no warning on this page.
      if (wait < DAY) timer = setTimeout(() => { bar.hidden = false; }, Math.max(0, wait));
    }
    function used() {
      ends = Date.now() + span;
      bar.hidden = true;
      plan();
    }
    plan();
    hearHtmx("after:swap", (context) => { if (!isBackground(context)) used(); });
    one("form", bar).addEventListener("submit", (event) => {
      event.preventDefault();
      var form = event.currentTarget;
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "manual" })
        .then((answer) => {
          if (answer.status >= 400) throw new Error("refused");
          used();
          var announce = one("#announce");
          if (announce) announce.textContent = "You stay signed in.";
        })
        .catch(() => { form.submit(); });
    });
  }

  hear("DOMContentLoaded", () => {
    dialog = one("#dialog");
    if (dialog && dialog.showModal) {
      dialog.addEventListener("close", whenClosed);
      dialog.addEventListener("cancel", (event) => {
        if (one(".dialog-error", dialog) || !hasUnsentWords(dialog)) return;
        event.preventDefault();
        pageError("Your words are not sent yet. Press Escape again to close without them.");
      });
    }
    all("[data-print]").forEach((button) => { button.hidden = false; });
    // What log.js keeps on one's own phone goes once it is sent, and stays on nobody else's.
    if (one("[data-idea-sent]") || !document.body.hasAttribute("data-own-device")) {
      try { localStorage.removeItem("improve-idea-draft"); } catch (ignored) { /* refused */ }
    }
    watchSession();
    focusMarked();
  });
})();
