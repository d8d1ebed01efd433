// After a page load the keyboard belongs on what just happened: the error summary, or else the notice.
(() => {
  const box = document.querySelector(".errors") || document.querySelector("[data-focus]");
  if (box) box.focus();
})();
