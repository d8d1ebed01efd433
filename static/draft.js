// The form of an activity while somebody types: the panel beside it stays true, and the text is kept in this browser
// until it is saved, so that a lost connection loses nothing.
(() => {
  const form = document.getElementById("concept");
  const panel = document.getElementById("panel");
  const notice = document.getElementById("kept");
  const key = `concept:${form.dataset.keep}`;
  const one = (name) => panel.querySelector(`.panel__${name}`);
  const texts = () => [...new FormData(form)].filter(([name]) => !["csrf_token", "then"].includes(name));
  const said = (values) => JSON.stringify(values.filter(([name]) => !["form_key", "seen"].includes(name)));
  const typed = () => said(texts());
  const before = typed();
  const isSaved = !("unsaved" in form.dataset); // what came back with a mistake in it is still nowhere but here
  const touched = new Set();

  // Kept text.
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const forget = () => localStorage.removeItem(key);
  const keep = () => {
    if (isSaved && notice.hidden && typed() === before) return forget();
    // As long as nobody said what to do with an older text, it is kept where nothing was typed since.
    const rest = notice.hidden ? texts() : kept().texts.filter(([name]) => !touched.has(name));
    const newer = notice.hidden ? [] : texts().filter(([name]) => touched.has(name));
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), texts: [...rest, ...newer] }));
  };
  const restore = () => {
    const values = kept().texts;
    for (const field of form.elements) {
      const found = values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(field.type)) field.checked = found.includes(field.value);
      else if (found.length) field.value = found[0];
    }
    check();
  };
  const old = kept();
  const same = old && said(old.texts) === before;
  if (!isSaved) keep();
  else if (old && !same) {
    notice.querySelector("b").textContent = new Date(old.at).toLocaleString("nl-NL", { dateStyle: "long", timeStyle: "short" });
    notice.hidden = false;
    notice.focus();
  } else forget();
  notice.addEventListener("click", (event) => {
    if (event.target.value === "restore") restore();
    else if (event.target.value === "forget") forget();
    else return;
    notice.hidden = true;
    keep();
    form.querySelector(".field :is(input, textarea)").focus();
  });

  // The panel.
  const fill = (list, points) => {
    list.replaceChildren(...points.map((point) => {
      const link = document.createElement("a");
      link.href = point.link;
      link.textContent = point.text;
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
  };
  const show = (found) => {
    const count = found.points.length;
    fill(one("points"), found.points);
    fill(one("hints"), found.hints);
    one("open").hidden = !count;
    one("count").hidden = Boolean(count);
    one("odd").hidden = !found.hints.length;
    one("open").querySelector("b").textContent = count === 1 ? "1 punt" : `${count} punten`;
    one("change").textContent = found.change;
    one("change").hidden = !found.change;
    for (const place of document.querySelectorAll(".panel__sum, #hours-sum")) place.textContent = found.sum;
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = !found[part.dataset.when];
  };
  let waiting, running;
  const check = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), signal: running.signal });
      if (answer.ok && answer.headers.get("Content-Type").includes("json")) show(await answer.json());
    } catch {
      // Without a connection the panel waits; the text is kept.
    }
  };
  form.addEventListener("input", (event) => {
    touched.add(event.target.name);
    keep();
    clearTimeout(waiting);
    waiting = setTimeout(check, 400);
  });
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = !(part.dataset.when in panel.dataset);
  const reveal = () => {
    const wanted = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const part = wanted && wanted.closest("[data-when]");
    if (!part) return;
    part.hidden = false;
    wanted.focus();
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
