// How much of a table is sent, then that its rows are checked. Anything unexpected goes the plain way.
(() => {
  const form = document.querySelector("[data-import]");
  const box = form.querySelector("[data-import-progress]"), bar = box.querySelector("progress");
  const say = (words) => { box.hidden = false; box.firstChild.textContent = words; };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const send = new XMLHttpRequest();
    say("Sending…");
    send.open("POST", form.action);
    send.setRequestHeader("X-Shows-Progress", "1");
    send.upload.onprogress = ({ loaded, total }) => {
      bar.value = loaded / total;
      say(loaded < total ? `Sending: ${Math.round(100 * loaded / total)}%` : "Sent. Reading the rows…");
    };
    send.onload = () => {
      const to = send.getResponseHeader("X-Go-To");
      if (!to) return form.submit();
      bar.removeAttribute("value");
      say(`Checking ${send.getResponseHeader("X-Rows")} rows…`);
      location.assign(to);
    };
    send.onerror = () => say("No connection. Nothing is lost: send it again when you have signal.");
    send.send(new FormData(form));
  });
  addEventListener("pageshow", () => { box.hidden = true; });
})();
