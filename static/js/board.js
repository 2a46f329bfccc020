/* A board for a mouse or a pen: cards that may move can be dragged, by the same road as the move form.
   And for everybody: what others changed is offered, and shown by itself only where nobody's focus is.
   A finger is never captured, the keyboard has Move, and the page works without any of this. */
(() => {
  "use strict";
  const FAR = 8;
  const EDGE = 56;
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const page = () => one("#board-page");
  const news = () => one("#board-news");
  const say = (words) => { const live = one("#announce"); if (live) live.textContent = words; };

  /* ---- dragging */
  let held = null;
  let isSending = false;

  /* “plan study done=stop”: the columns a card may go to, each with its way. */
  function dropsOf(card) {
    const found = {};
    card.dataset.drops.split(" ").forEach((drop) => {
      const [stage, way] = drop.split("=");
      found[stage] = way || stage;
    });
    return found;
  }

  function columnAt(x, y) {
    const under = document.elementFromPoint(x, y);
    return under?.closest?.(".board > .column") || null;
  }

  function begin(event) {
    held.from = held.card.closest(".column");
    held.drops = dropsOf(held.card);
    const box = held.card.getBoundingClientRect();
    held.dx = held.x - box.left;
    held.dy = held.y - box.top;
    held.ghost = held.card.firstElementChild.cloneNode(true);
    held.ghost.classList.add("drag-ghost");
    held.ghost.setAttribute("aria-hidden", "true");
    held.ghost.inert = true;
    all("[id]", held.ghost).forEach((node) => { node.removeAttribute("id"); });
    held.ghost.style.width = box.width + "px";
    document.body.append(held.ghost);
    held.card.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
    getSelection()?.removeAllRanges();
    all(".board > .column").forEach((column) => {
      if (column === held.from) return;
      const may = Object.hasOwn(held.drops, column.id);
      column.classList.add(may ? "may-drop" : "no-drop");
      if (!may) return;
      const words = document.createElement("p");
      words.className = "drop-words";
      words.textContent = "Move to " + one("h2", column).textContent.trim();
      one(".column-head", column).after(words);
    });
    follow(event);
  }

  function follow(event) {
    held.ghost.style.transform = `translate(${event.clientX - held.dx}px, ${event.clientY - held.dy}px)`;
    const column = columnAt(event.clientX, event.clientY);
    all(".is-over").forEach((old) => { if (old !== column) old.classList.remove("is-over"); });
    if (column?.classList.contains("may-drop")) column.classList.add("is-over");
    if (event.clientY < EDGE) scrollBy(0, -EDGE / 2);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 2);
  }

  function letGo() {
    if (!held) return;
    held.ghost?.remove();
    held.card.classList.remove("is-dragged");
    document.body.classList.remove("is-dragging");
    all(".drop-words").forEach((words) => { words.remove(); });
    all(".may-drop, .no-drop, .is-over").forEach((column) => {
      column.classList.remove("may-drop", "no-drop", "is-over");
    });
    held = null;
  }

  /* The move form's own address and fields; the answer is a card in its place, or that form. */
  function drop(card, from, way) {
    const link = one(".card-foot a[href$='/stage']", card);
    if (!link || !window.htmx) return;
    const values = {
      csrf_token: one("[name=csrf_token]").value, version: card.dataset.version, from_stage: from.id,
      to: way, asked_for: way, shown: "", carried: "", dropped: "1", in_dialog: "1",
      back: location.pathname + location.search,
    };
    card.classList.add("is-moving");
    isSending = true;
    window.htmx.ajax("POST", link.getAttribute("href"),
      { source: link, target: "#dialog-body", values })
      .catch(() => {})
      .finally(() => {
        // Also where no answer came: else nothing that others change would show by itself again.
        isSending = false;
        card.classList.remove("is-moving");
      });
  }

  document.addEventListener("pointerdown", (event) => {
    if (held || event.button !== 0 || !["mouse", "pen"].includes(event.pointerType)) return;
    if (!matchMedia("(hover: hover) and (pointer: fine)").matches || event.ctrlKey || event.metaKey) return;
    const card = event.target.closest?.("[data-drops]");
    if (!card || event.target.closest("button, input, form, .card-foot a") || !page()?.contains(card)) return;
    held = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  });

  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    // Let go outside the window: nothing was meant by it.
    if (!(event.buttons & 1)) return letGo();
    if (held.ghost) follow(event);
    else if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR) begin(event);
  });

  document.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    const { card, from, drops, ghost } = held;
    const column = ghost ? columnAt(event.clientX, event.clientY) : null;
    letGo();
    if (!ghost) return;
    // The click that ends a drag opens nothing.
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => { document.removeEventListener("click", swallow, true); }, 0);
    if (column && column !== from && Object.hasOwn(drops, column.id)) drop(card, from, drops[column.id]);
  });

  document.addEventListener("pointercancel", letGo);
  window.addEventListener("blur", letGo);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held?.ghost) return;
    event.preventDefault();
    letGo();
    say("Not moved.");
  });
  // A browser's own dragging of a link would take the pointer away.
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest?.("[data-drops]")) event.preventDefault();
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const context = event.detail?.ctx;
    if (!context) return;
    if (isSending && context.target?.id === "dialog-body") {
      const marked = !one("#dialog")?.open && one("#board-page [data-focus]");
      if (marked) {
        marked.removeAttribute("data-focus");
        marked.focus();
      }
    } else if (context.target?.id === "board-news") {
      showByItself();
    }
  });

  /* ---- what others changed */
  document.addEventListener("htmx:config:request", (event) => {
    const context = event.detail?.ctx;
    const seen = news()?.dataset.seen;
    if (context?.request?.method === "POST" && seen) context.request.headers["X-Board-Seen"] = seen;
  });

  function isBusy() {
    const at = document.activeElement;
    const fine = matchMedia("(hover: hover)").matches;
    return Boolean(held || isSending || one("dialog[open]") || one("details[open]", page()) ||
      (at && at !== document.body && page().contains(at)) || (fine && one(".board")?.matches(":hover")) ||
      String(getSelection()));
  }

  function showByItself() {
    const link = one("[data-show-changes]");
    if (!link || !page() || isBusy()) return;
    const words = link.textContent.split(".")[0].trim();
    window.htmx.ajax("GET", link.getAttribute("href"), {
      source: link,
      headers: { "X-Keep-Focus": "1", "X-Poll": "1" },
    }).then(() => { say("The board shows " + words + "."); }).catch(() => {});
  }
})();
