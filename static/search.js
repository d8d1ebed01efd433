// The results follow what somebody types or chooses; the address follows, too, so that it can be shared and Back works.
(() => {
  const form = document.getElementById("zoekformulier"), place = document.getElementById("resultaten");
  const said = document.querySelector("[data-said]"), siteName = document.title.match(/ – [^–]*$/)?.[0] ?? "";
  document.querySelector("[data-while-typing]").hidden = false;
  const address = () => {
    const filled = new URLSearchParams([...new FormData(form)].filter(([, text]) => text));
    return filled.size ? `?${filled}` : "";
  };
  const filters = (of) => {
    const others = new URLSearchParams(of);
    others.delete("q");
    return others.toString();
  };

  // On a telephone the filters begin folded, unless something in them is wrong.
  const fold = (page) => {
    if (matchMedia("(max-width: 52rem)").matches) page.querySelector("#filters-fold:not([data-stay])")?.removeAttribute("open");
  };
  fold(document);

  // Read aloud are only notices and how many there are, once somebody stops typing.
  let saying;
  const say = () => {
    clearTimeout(saying);
    said.textContent = "";
    const news = () => [...place.querySelectorAll(".notice h2, #count")].map((heading) => heading.textContent);
    saying = setTimeout(() => { said.textContent = news().join(". "); }, 900);
  };

  let waiting, running, isShowing, now = address(), asked = now, there = location.search;
  const stop = () => {
    clearTimeout(waiting);
    running?.abort();
  };
  const ask = async (wanted, use, otherwise) => {
    stop();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.results + wanted, { signal: running.signal });
      if (!answer.ok) return void otherwise();
      use(await answer.text());
    } catch (fault) {
      if (fault.name !== "AbortError") otherwise();
    }
  };
  const look = () => {
    const wanted = address();
    if (wanted === asked) return;
    asked = wanted;
    ask(wanted, (text) => {
      show(text, true);
      remember(wanted);
    }, () => form.submit()); // the page says better what is wrong
  };
  // Each choice is a step that Back undoes; all that is typed after each other is one.
  const remember = (wanted) => {
    const isTyped = filters(wanted) === filters(now);
    const write = isTyped && history.state?.isTyped ? "replaceState" : "pushState";
    if (wanted !== now) history[write]({ isTyped }, "", form.action + wanted);
    now = wanted;
    there = location.search;
  };
  addEventListener("popstate", () => {
    const wanted = location.search;
    if (wanted === there) return; // another place in the same page
    ask(wanted, (text) => {
      if (wanted !== location.search) return; // and on again meanwhile
      form.elements.q.value = new URLSearchParams(wanted).get("q") ?? "";
      show(text, false);
      now = asked = address();
      there = wanted;
    }, () => location.reload());
  });

  // Where somebody was in the filters, there they stay, and what folds out stays so.
  const show = (text, isKept) => {
    const active = document.activeElement, wasInside = place.contains(active), group = active.closest("fieldset")?.id;
    const page = new DOMParser().parseFromString(text, "text/html");
    fold(page);
    for (const part of page.querySelectorAll("details")) part.open = document.getElementById(part.id)?.open ?? part.open;
    isShowing = true;
    const twin = wasInside && isKept && page.getElementById(active.id);
    if (twin) keep(active, twin);
    place.replaceChildren(...page.body.childNodes);
    const next = () => document.getElementById(active.id) ?? place.querySelector(`#${group} input`) ?? place.querySelector("summary");
    if (wasInside) focus(next());
    isShowing = false;
    document.title = place.querySelector("[data-title]").dataset.title + siteName;
    say();
  };
  const keep = (active, twin) => {
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (twin.hasAttribute(name)) active.setAttribute(name, twin.getAttribute(name));
      else active.removeAttribute(name);
    }
    twin.replaceWith(active);
  };
  const focus = (target) => {
    if (target?.matches("input")) target.closest("details").open = true;
    target?.focus();
  };

  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(look, delay);
  };
  form.addEventListener("input", () => soon(250));
  form.addEventListener("submit", stop);
  place.addEventListener("input", ({ target }) => target.matches("[type=checkbox], select") && soon(0));
  // A date or a number of hours is asked for once it is typed.
  for (const left of ["change", "focusout"]) place.addEventListener(left, () => isShowing || soon(0));
})();
