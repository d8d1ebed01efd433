// After a page load the keyboard belongs on what just happened: the error summary, or else the notice.
(() => {
  const box = document.querySelector(".errors[tabindex]") || document.querySelector("[data-focus]");
  if (box) box.focus();
})();

// What was saved need not be kept in this browser any longer, and what was not is nobody else's after signing out.
(() => {
  for (const mark of document.querySelectorAll("[data-saved]")) localStorage.removeItem(`concept:${mark.dataset.saved}`);
  document.querySelector("[data-leave]")?.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("concept:")) localStorage.removeItem(key);
  });
})();

// A form is sent once: an impatient second click must not do things twice. Coming back makes it new again.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
