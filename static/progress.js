// A job that runs: show how far it is, and load the page again when it has ended. While the server is away, ask again.
(() => {
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const look = async () => {
    const answer = await fetch(box.dataset.progress).catch(() => null);
    if (!answer || answer.status >= 500) return setTimeout(look, 1000);
    if (!answer.ok) return location.reload();
    const job = await answer.json().catch(() => null); // signed out: the page itself says where to go
    if (!job || !job.loopt) return location.reload();
    box.querySelector("progress").value = job.klaar;
    box.querySelector("[data-done]").textContent = job.klaar.toLocaleString("nl-NL");
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
})();
