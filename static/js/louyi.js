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

// A form answered by a file: the file is kept, and the page that has changed by it is shown anew.
// Any other answer (a refusal, a code asked for) is the browser's to show, as without a script.
for (const form of document.querySelectorAll("form[data-file]")) {
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    delete form.dataset.sent;
    const type = answer?.headers.get("Content-Type") ?? "";
    if (!answer?.ok || type.startsWith("text/html")) return form.submit();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename=([^;]+)/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "";
    link.click();
    location.assign(form.dataset.file);
  });
}

// Buttons that only make sense with a script (print this page) appear when there is one.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The list of problems takes the focus, so that a screen reader starts there.
document.querySelector("[data-focus]")?.focus();
