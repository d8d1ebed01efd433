// After a page load the keyboard belongs on what just happened: the error summary, or else the notice.
(() => {
  const box = document.querySelector(".errors[tabindex]") || document.querySelector("[data-focus]");
  if (box) box.focus();
})();

// A form is sent once: an impatient second click must not do things twice. Coming back makes it new again, and so does
// waiting: who stopped a slow page may send it again.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    if (form.enctype !== "multipart/form-data") setTimeout(() => delete form.dataset.sent, 10000); // a file takes its time
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
