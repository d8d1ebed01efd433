// A file that is too large is said to be so before it is sent: nobody waits for an upload that ends in a refusal.
(() => {
  const input = document.querySelector("input[data-most]");
  const fault = document.getElementById("file-large");
  const others = input.getAttribute("aria-describedby");
  const fits = () => {
    const isTooLarge = [...input.files].some((file) => file.size > Number(input.dataset.most));
    fault.hidden = !isTooLarge;
    input.setAttribute("aria-invalid", isTooLarge);
    input.setAttribute("aria-describedby", isTooLarge ? `${others} ${fault.id}` : others);
    return !isTooLarge;
  };
  input.addEventListener("change", fits);
  input.form.addEventListener("submit", (event) => {
    if (fits()) return;
    event.preventDefault();
    input.focus();
  });
})();
