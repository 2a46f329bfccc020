// Forms without sign-in, and reports. A refused form says so first, one press sends once, and Shift
// three times within three seconds leaves the page, as its button does.
(() => {
  document.querySelector("[data-focus]")?.focus();
  let sent = 0;
  document.addEventListener("submit", (event) => {
    if (Date.now() - sent < 3000) event.preventDefault();
    else sent = Date.now();
  });
  window.addEventListener("pageshow", () => { sent = 0; });
  const out = document.querySelector("[data-leave]");
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { pressed = []; return; }
    if (event.repeat || !out) return;
    const now = Date.now();
    pressed = [...pressed.filter((at) => now - at < 3000), now];
    if (pressed.length === 3) {
      document.body.hidden = true;
      window.location.replace(out.href);
    }
  });
})();
