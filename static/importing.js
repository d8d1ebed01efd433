// How far long work is, asked once a second until it is over; then the outcome takes the place of the progress.
(() => {
  const box = document.querySelector("[data-follow]");
  if (!box) return;
  const show = (fresh) => {
    if (fresh.dataset.state === "running") {
      // Only what nobody can be typing or pressing in is replaced.
      box.querySelector("[data-bar]").replaceWith(fresh.querySelector("[data-bar]"));
      return true;
    }
    const hadFocus = box.contains(document.activeElement);
    box.replaceChildren(fresh);
    document.querySelector("[data-said]").textContent = fresh.dataset.short;
    if (hadFocus) box.querySelector("[tabindex]").focus();
    return false;
  };
  const again = () => setTimeout(ask, 1000);
  const ask = () => {
    const request = new XMLHttpRequest();
    request.open("GET", box.dataset.follow);
    request.responseType = "document"; // parsed without running anything
    request.onerror = again; // the server may be starting anew
    request.onload = () => {
      const fresh = request.response && request.response.querySelector("[data-state]");
      if (!fresh && request.status < 500) location.reload(); // signed out: the page itself says where to go
      else if (!fresh || show(fresh)) again();
    };
    request.send();
  };
  again();
})();
