// What the pages do beyond links and forms: copy buttons and lists that narrow while you type. Everything else works without it.
"use strict";

const said = document.getElementById("copied");

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("done");
      said.textContent = "";
      // A moment apart, so that copying twice is announced twice.
      requestAnimationFrame(() => { said.textContent = "Copied"; });
      button.addEventListener("blur", () => button.classList.remove("done"), { once: true });
    } catch {
      said.textContent = "The browser does not allow copying. Select the value instead.";
    }
  });
}

// <input data-filter="id of a list or table body">: hides the entries without the typed words.
for (const input of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  if (!list) continue;
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase();
    let shown = 0;
    for (const entry of list.children) {
      // A ticked entry stays, or people would send what they do not see.
      const ticked = entry.querySelector("input:checked") !== null;
      entry.hidden = !ticked && !entry.textContent.toLowerCase().includes(words);
      if (!entry.hidden) shown += 1;
    }
    said.textContent = `${shown} shown`;
  });
}

// A form that was refused: the list of mistakes is read first.
document.querySelector(".summary")?.focus();
