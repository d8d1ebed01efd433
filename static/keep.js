// What is typed stays in this browser until the register has it, so that a lost connection, an ended session or a closed
// window loses nothing. Every form with `data-keep` is kept, under that name; it begins with the account that typed it.
(() => {
  const OWN = "getypt:", LEFT = "uitgelogd", LONGEST = 30 * 24 * 3600 * 1000;
  const leaving = document.querySelector("[data-leave]"), account = leaving.dataset.leave;

  // A browser may refuse to keep anything: full, switched off, or a private window. The pages work without.
  const attempt = (action) => { try { return action(localStorage); } catch { return null; } };
  const kept = (name) => attempt((store) => JSON.parse(store.getItem(OWN + name)));
  const keep = (name, what) => attempt((store) => { store.setItem(OWN + name, JSON.stringify(what)); return true; });
  const forget = (name) => attempt((store) => store.removeItem(OWN + name));
  const names = () => attempt((store) => Object.keys(store).filter((key) => key.startsWith(OWN)).map((key) => key.slice(OWN.length))) || [];

  for (const mark of document.querySelectorAll("[data-saved]")) forget(mark.dataset.saved);
  for (const name of names()) if (!(kept(name)?.at > Date.now() - LONGEST)) forget(name);

  // A page may list forms in which text was left behind.
  for (const item of document.querySelectorAll("[data-kept]")) {
    if (kept(item.dataset.kept)) item.hidden = item.closest(".notice").hidden = false;
  }

  // Signing out leaves nothing of this account behind, and its other windows stop keeping.
  leaving.addEventListener("submit", (event) => {
    const own = names().filter((name) => name.startsWith(account));
    if (own.length && !confirm(leaving.dataset.warning)) return void event.preventDefault();
    own.forEach(forget);
    attempt((store) => store.setItem(LEFT, `${account} ${Date.now()}`));
  });

  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const isBox = (field) => ["checkbox", "radio"].includes(field.type);

  const watch = (form) => {
    const name = form.dataset.keep;
    const isUnsaved = "unsaved" in form.dataset; // it came back, and what it says is nowhere but here
    form.autocomplete = "off"; // going back must not fill old text into a form that answers a newer version
    const fields = [...form.querySelectorAll("input[name]:not([type=hidden]), textarea[name]")];
    // Which version the form answers: put back with the text, so that nobody is written over.
    const hidden = [...form.querySelectorAll("input[type=hidden]:not([name=csrf_token])")];
    const read = (isOn, text) => {
      const found = Object.fromEntries(fields.map((field) => [field.name, []]));
      for (const field of fields) if (!isBox(field) || field[isOn]) found[field.name].push(field[text]);
      return found;
    };
    const typed = () => read("checked", "value");
    // Stored is what the page says, not what stands there by now: on a slow line people type before this runs.
    const stored = read("defaultChecked", "defaultValue");

    form.prepend(document.getElementById("kept-text").content.cloneNode(true));
    const [question, first, warning] = ["question", "first", "warning"].map((part) => form.querySelector(`[data-keep-${part}]`));
    const warn = (why) => { warning.hidden = warning.querySelector(`[data-why=${why}]`).hidden = false; };
    let hasLeft = false;

    const save = () => {
      const now = typed(), waiting = !question.hidden && kept(name);
      if (hasLeft) return;
      if (isSame(now, stored) && !isUnsaved && !waiting) return void forget(name);
      const what = { at: Date.now(), texts: now, hidden: Object.fromEntries(hidden.map((field) => [field.name, field.value])) };
      if (waiting) {
        // An older text that waits for an answer is written over only where something was typed since.
        const since = Object.entries(now).filter(([field, value]) => !isSame(value, stored[field]));
        Object.assign(what, waiting, { texts: { ...waiting.texts, ...Object.fromEntries(since) } });
      }
      if (!keep(name, what)) warn("full");
    };
    const putBack = ({ texts, hidden: answered }) => {
      for (const field of fields) {
        const values = texts[field.name] || [];
        if (isBox(field)) field.checked = values.includes(field.value);
        else if (values.length) [field.value] = values;
      }
      for (const field of hidden) field.value = answered[field.name] ?? field.value;
    };

    const old = kept(name);
    if (old && !isUnsaved && ![typed(), stored].some((texts) => isSame(texts, old.texts))) {
      question.querySelector("b").textContent = new Date(old.at).toLocaleString("nl-NL", { dateStyle: "long", timeStyle: "short" });
      question.hidden = false;
    }
    save();
    form.addEventListener("input", save);
    question.addEventListener("click", ({ target }) => {
      if (!target.value) return;
      if (target.value === "put-back") putBack(kept(name) || old);
      else forget(name);
      question.hidden = true;
      fields[0].focus();
      form.dispatchEvent(new Event("input"));
    });
    form.addEventListener("submit", (event) => {
      if (question.hidden) return;
      event.preventDefault(); // what is sent would be saved, and the older text forgotten
      first.hidden = false;
      question.focus();
    });
    addEventListener("storage", ({ key, newValue }) => {
      if (key !== LEFT || !newValue?.startsWith(account)) return;
      hasLeft = true;
      warn("left");
    });
  };
  document.querySelectorAll("form[data-keep]").forEach(watch);
})();
