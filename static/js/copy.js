// Copies a text of the page. Without script, or where copying is refused, it can be selected.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const from = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]");
  const live = document.getElementById("announce");
  button.hidden = false;
  button.addEventListener("click", async () => {
    from.focus();
    from.select();
    let done = true;
    try {
      await navigator.clipboard.writeText(from.value);
    } catch {
      done = false;
    }
    words.textContent = done ? "Copied" : "Selected: copy it with your keyboard";
    if (live) live.textContent = words.textContent;
    button.focus();
    setTimeout(() => { words.textContent = "Copy"; }, 4000);
  });
});
