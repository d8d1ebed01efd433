// The panel beside the form of an activity stays true while somebody types; the server says what it shows.
(() => {
  const form = document.getElementById("concept"), panel = document.getElementById("panel");
  const one = (name) => panel.querySelector(`.panel__${name}`);
  const parts = [...form.querySelectorAll("[data-when]")];
  const fill = (list, points) => {
    list.replaceChildren(...points.map((point) => {
      const item = document.createElement("li"), link = document.createElement("a");
      [link.href, link.textContent] = [point.link, point.text];
      item.append(link);
      return item;
    }));
  };
  const show = (found) => {
    fill(one("points"), found.points);
    fill(one("hints"), found.hints);
    one("open").hidden = !found.points.length;
    one("count").hidden = Boolean(found.points.length);
    one("odd").hidden = !found.hints.length;
    one("open").querySelector("b").textContent = found.count;
    one("change").textContent = found.change;
    one("change").hidden = !found.change;
    const sum = document.getElementById("hours-sum");
    if (sum) sum.textContent = found.sum;
    for (const [step, count] of Object.entries(found.steps)) {
      const place = document.querySelector(`[data-points="${step}"]`);
      if (place) place.textContent = count;
    }
  };

  // Fields that the hours ask for appear and go; where somebody is writing, nothing goes.
  const reveal = (wanted) => parts.filter((part) => {
    const was = part.hidden;
    part.hidden = !wanted(part.dataset.when) && !part.contains(document.activeElement);
    return was && !part.hidden;
  });
  reveal((name) => name in panel.dataset);
  const open = () => {
    const field = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const part = field && field.closest("[data-when]");
    if (!part) return;
    part.hidden = false;
    field.focus();
  };
  addEventListener("hashchange", open);
  open();

  // Read aloud is only what became otherwise, once somebody stops typing.
  let told = one("said").dataset.told, news = [], saying;
  const say = (now, revealed) => {
    clearTimeout(saying);
    news.push(...revealed.map((part) => part.dataset.revealed));
    saying = setTimeout(() => {
      if (now !== told || news.length) one("said").textContent = [...news, now].join(" ");
      [told, news] = [now, []];
    }, 900);
  };

  // Who signed in again in another window, as the same account, goes on here with what belongs to that session.
  const renew = async () => {
    try {
      const answer = await fetch(location.pathname, { redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [now, then] = [page, document].map((each) => each.querySelector("[data-leave]").dataset.leave);
      if (now !== then) return false;
      const token = page.querySelector("[name=csrf_token]").value;
      for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = token;
      return true;
    } catch {
      return false;
    }
  };

  let waiting, running;
  const check = async (isRenewed = false) => {
    running?.abort();
    running = new AbortController();
    const request = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, signal: running.signal };
    try {
      const answer = await fetch(form.dataset.check, request);
      if (answer.status === 400 && !isRenewed && (await renew())) return void check(true);
      one("out").hidden = ![400, 401].includes(answer.status); // signed out, here or in another window
      if (!answer.ok) return;
      const found = await answer.json();
      show(found);
      say(found.told, reveal((name) => found[name]));
    } catch {
      // Without a connection the panel waits; the text is kept.
    }
  };
  // On a slow line people type before this runs.
  const isTyped = (field) => "defaultValue" in field && (field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  if ([...form.elements].some(isTyped)) check();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, 400);
  });
})();
