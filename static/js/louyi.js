// What scripts add to pages that already work without them.

// Charts: the script and Plotly are fetched when a reader opens a chart, never before;
// the chart's height is kept free at once, so that nothing moves when it arrives.
for (const box of document.querySelectorAll("details[data-chart]")) {
  box.hidden = false;
  box.addEventListener("toggle", async () => {
    if (!box.open || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    box.querySelector(".chart-box").style.height = `${box.dataset.height}px`;
    const { draw } = await import(box.dataset.script);
    draw(box);
  });
}

// Long work: what is being done is said at once, and a second press does nothing.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.querySelector(".busy")) return event.preventDefault();
    const said = document.createElement("p");
    said.className = "busy";
    said.setAttribute("role", "status");
    form.append(said);
    said.textContent = form.dataset.busy;
  });
}
// Back on the page, the work is over.
addEventListener("pageshow", () => document.querySelectorAll(".busy").forEach((one) => one.remove()));

// Buttons that only make sense with a script (print this page) appear when there is one.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The list of problems takes the focus, so that a screen reader starts there.
document.querySelector("[data-focus]")?.focus();
