// Draws one figure with Plotly, whose file comes from this server and is loaded at most once.

let library;

function load(url) {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => done(window.Plotly);
    script.onerror = () => failed(new Error(url));
    document.head.append(script);
  });
  return library;
}

export async function draw(box) {
  const stage = box.querySelector(".chart-box");
  try {
    const [plotly, answer] = await Promise.all([
      load(box.dataset.plotly),
      fetch(box.dataset.chart, { credentials: "same-origin" }),
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    const figure = await answer.json();
    delete figure.layout.height;
    stage.replaceChildren();
    await plotly.newPlot(stage, figure.data, figure.layout, {
      responsive: true,
      displaylogo: false,
      showSendToCloud: false,
      modeBarButtonsToRemove: ["select2d", "lasso2d", "zoom2d", "pan2d", "autoScale2d"],
      toImageButtonOptions: { format: "png", scale: 2, filename: box.closest("figure")?.id || "chart" },
    });
  } catch {
    stage.textContent = box.dataset.failed;
  }
}
