// Presses the one button of a page that only leads on. Without it a person does.
(() => {
  "use strict";
  const form = document.querySelector("form[data-go-on]");
  if (form) form.requestSubmit();
})();
