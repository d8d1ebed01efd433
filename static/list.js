// A convenience for a mouse: tick everything on this page at once. Without it each row can be ticked.
(() => {
  const table = document.querySelector("table[data-choose]");
  if (!table) return;
  const boxes = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const row = document.createElement("div"), all = document.createElement("input"), label = document.createElement("label");
  row.className = "check";
  all.type = "checkbox";
  all.id = label.htmlFor = "choose-all";
  label.textContent = table.dataset.choose;
  row.append(all, label);
  table.before(row);
  const look = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  table.addEventListener("change", look);
  look();
})();
