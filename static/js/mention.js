// People to mention, offered under the box while a name is typed after an @. Down goes to them, Enter
// writes the name, Escape leaves. Without this the names are typed: “@first.last” works the same.
(() => {
  const NAME = /(?:^|[\s([“"'‘,;:/])@([\p{L}][\p{L}\p{N}.'’-]*(?: [\p{L}'’-]*)?)$/u;
  document.querySelectorAll("[data-mention]").forEach((box) => {
    const words = box.querySelector("textarea"), list = box.querySelector("[data-mention-list]");
    const status = box.querySelector("[data-mention-status]");
    let timer = 0, asked = "", start = 0;
    const buttons = () => [...list.querySelectorAll("button")];
    function shut(said = "") {
      clearTimeout(timer);
      asked = "";
      list.hidden = true;
      list.replaceChildren();
      status.textContent = said;
    }
    async function offer(typed) {
      const address = `${box.dataset.mention}?q=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
      const text = answer?.ok ? await answer.text().catch(() => "") : "";
      if (typed !== asked) return;
      // An answer that leads to the sign-in page says nothing of names.
      if (!answer?.ok || answer.redirected || answer.headers.has("HX-Redirect")) return shut();
      const part = new DOMParser().parseFromString(text, "text/html");
      list.replaceChildren(...part.body.children);
      const count = buttons().length;
      if (!count) return shut("Nobody is called that.");
      list.hidden = false;
      status.textContent = count === 1 ? "1 person. Press Down to choose." : `${count} people. Press Down to choose.`;
    }
    words.addEventListener("input", () => {
      const before = words.value.slice(0, words.selectionStart), found = NAME.exec(before);
      if (!found) return asked && shut();
      start = before.length - found[1].length - 1;
      asked = found[1];
      clearTimeout(timer);
      timer = setTimeout(offer, 200, asked);
    });
    // The box keeps the focus: some browsers give none to a button that is pressed, and the list would shut.
    list.addEventListener("mousedown", (event) => { event.preventDefault(); });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const { handle } = button.dataset;
      words.focus();
      words.setRangeText(`${handle} `, start, words.selectionStart, "end");
      shut(`${handle.slice(1)} is written into your comment.`);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const all = buttons(), at = all.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: at < 0 ? -2 : 0, End: at < 0 ? -2 : all.length - 1 }[event.key];
      if (event.key === "Escape") { words.focus(); shut(); event.preventDefault(); }
      else if (to === -1 && at === 0) { words.focus(); event.preventDefault(); }
      else if (to >= 0) { all[Math.min(to, all.length - 1)].focus(); event.preventDefault(); }
    });
    box.addEventListener("focusout", (event) => { if (!list.hidden && !box.contains(event.relatedTarget)) shut(); });
  });
})();
