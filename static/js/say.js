// Shift three times within three seconds leaves the page, as its button does.
(() => {
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
