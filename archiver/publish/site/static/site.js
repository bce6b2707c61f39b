// What a page can do without, done better with a script: showing the newest end of a chart that is
// wider than the screen, copying a citation, brushing a histogram.
"use strict";
for (const chart of document.querySelectorAll(".chart")) chart.scrollLeft = chart.scrollWidth;

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.setAttribute("aria-live", "polite"); // so that "Copié" is said, too
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent);
    const said = button.textContent;
    button.textContent = "Copié";
    setTimeout(() => { button.textContent = said; }, 1500);
  });
}

const brush = document.querySelector("form.brush");
if (brush) {
  const columns = [...document.querySelectorAll(".histogram a[data-key]")];
  const drawing = columns[0]?.ownerSVGElement;
  let from = -1, to = -1;
  const at = (event) => columns.indexOf(document.elementFromPoint(event.clientX, event.clientY)?.closest("a[data-key]"));
  const show = () => columns.forEach((column, i) =>
    column.classList.toggle("brushed", from >= 0 && to !== from && i >= Math.min(from, to) && i <= Math.max(from, to)));
  brush.querySelector("[data-brush]").hidden = !drawing || !matchMedia("(any-pointer: fine)").matches;
  drawing?.addEventListener("dragstart", (event) => event.preventDefault());
  drawing?.addEventListener("pointerdown", (event) => { if (event.pointerType !== "touch") from = to = at(event); });
  drawing?.addEventListener("pointermove", (event) => {
    const now = from < 0 ? -1 : at(event);
    if (now >= 0 && now !== to) { to = now; show(); }
  });
  addEventListener("pointerup", () => {
    if (from >= 0 && to >= 0 && to !== from) {
      brush.elements.du.value = columns[Math.min(from, to)].dataset.key;
      brush.elements.au.value = columns[Math.max(from, to)].dataset.key;
      drawing.addEventListener("click", (event) => event.preventDefault(), { once: true, capture: true });
      brush.requestSubmit();
    }
    from = to = -1;
  });
}
