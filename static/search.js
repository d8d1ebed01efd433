// The results follow what somebody types or chooses; the address follows, too, so that it can be shared.
(() => {
  const form = document.getElementById("zoekformulier"), place = document.getElementById("resultaten");
  const said = document.querySelector("[data-said]");
  document.querySelector("[data-while-typing]").hidden = false;
  // On a telephone the filters begin folded, unless something is chosen.
  if (matchMedia("(max-width: 52rem)").matches) place.querySelector("details:not([data-stay])")?.removeAttribute("open");
  const address = () => {
    const asked = new URLSearchParams([...new FormData(form)].filter(([, text]) => text));
    return asked.size ? `?${asked}` : "";
  };

  // Read aloud is only how many there are, once somebody stops typing.
  let saying;
  const say = () => {
    clearTimeout(saying);
    said.textContent = "";
    saying = setTimeout(() => { said.textContent = document.getElementById("count")?.textContent ?? ""; }, 900);
  };

  let waiting, running, now = address();
  const look = async () => {
    const wanted = address();
    if (wanted === now) return;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.results + wanted, { signal: running.signal });
      if (!answer.ok) return void form.submit();
      show(await answer.text());
      history.replaceState(null, "", form.action + wanted);
      now = wanted;
    } catch (fault) {
      if (fault.name !== "AbortError") form.submit(); // the page says better what is wrong
    }
  };
  // Where somebody was in the filters, there they stay, and what folds out stays so.
  const show = (text) => {
    const active = document.activeElement, isOpen = place.querySelector("details").open;
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelector("details").open = isOpen;
    if (place.contains(active) && active.id) page.getElementById(active.id)?.replaceWith(active);
    place.replaceChildren(...page.body.childNodes);
    active.focus();
    say();
  };

  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(look, delay);
  };
  form.addEventListener("input", () => soon(250));
  place.addEventListener("input", ({ target }) => soon(target.type === "checkbox" ? 0 : 600));
})();
