// Draws one figure with Plotly, whose file comes from this server and is loaded at most once.

let library;

// Plotly writes style sheets into the page while it loads; under the content security policy they
// need the page's nonce, which this script may read and hand on.
function lendNonce() {
  const { nonce } = document.querySelector("script[nonce]");
  const create = document.createElement;
  document.createElement = function (name, options) {
    const element = create.call(this, name, options);
    if (name === "style") element.nonce = nonce;
    return element;
  };
  return () => delete document.createElement;
}

function load(url) {
  library ??= new Promise((done, failed) => {
    const takeBack = lendNonce();
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => {
      takeBack();
      done(window.Plotly);
    };
    script.onerror = () => {
      takeBack();
      failed(new Error(url));
    };
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
      displayModeBar: false,
      displaylogo: false,
      showSendToCloud: false,
    });
    const save = box.querySelector("[data-png]");
    save.disabled = false;
    save.addEventListener("click", () =>
      plotly.downloadImage(stage, {
        format: "png",
        scale: 2,
        width: stage.clientWidth,
        height: stage.clientHeight,
        filename: save.dataset.png,
      }),
    );
  } catch {
    stage.textContent = box.dataset.failed;
  }
}
