// Charts of the statistics. Each canvas names its data (data-chart, made by json_script); the same numbers stand in a
// table under it, so a page without this script loses a picture and no number.
(() => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  // Lines differ in colour, dash and point: never in colour alone.
  const LOOKS = [
    { colour: "--chart-1", dash: [], point: "circle" },
    { colour: "--chart-2", dash: [7, 4], point: "rect" },
    { colour: "--chart-3", dash: [2, 3], point: "triangle" },
    { colour: "--chart-4", dash: [10, 3, 2, 3], point: "rectRot" },
  ];
  const charts = new Map();

  const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const numberIn = (language, value) => new Intl.NumberFormat(language).format(value);

  const dataset = (one, index, isOnly) => {
    const look = LOOKS[index % LOOKS.length];
    const colour = colourOf(look.colour);
    return {
      label: one.name,
      data: one.data,
      borderColor: colour,
      backgroundColor: isOnly ? colourOf("--chart-fill") : colour,
      pointBackgroundColor: colour,
      borderDash: look.dash,
      pointStyle: look.point,
      borderWidth: 2,
      pointRadius: 3,
      pointHoverRadius: 5,
      tension: 0.25,
      fill: isOnly,
      spanGaps: false,
      // A point at 100 % is not cut in half.
      clip: 8,
    };
  };

  const settings = (data) => {
    const [ink, line, font] = [colourOf("--ink-soft"), colourOf("--line"), getComputedStyle(document.body).fontFamily];
    const language = document.documentElement.lang;
    const unit = data.isShare ? "\u00a0%" : "";
    const words = (value) => `${numberIn(language, value)}${unit}`;
    const text = { color: ink, font: { family: font, size: 13 } };
    return {
      type: "line",
      data: { labels: data.labels, datasets: data.series.map((one, i) => dataset(one, i, data.series.length === 1)) },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: still.matches ? false : { duration: 300 },
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { grid: { display: false }, border: { color: line }, ticks: { ...text, maxRotation: 0, autoSkipPadding: 12 } },
          y: {
            beginAtZero: true,
            max: data.isShare ? 100 : undefined,
            grid: { color: line },
            border: { display: false },
            ticks: { ...text, maxTicksLimit: 6, precision: 0, callback: words },
          },
        },
        plugins: {
          legend: {
            display: data.series.length > 1,
            position: "bottom",
            labels: { color: colourOf("--ink"), font: text.font, usePointStyle: true, pointStyleWidth: 12, boxHeight: 7, padding: 14 },
          },
          tooltip: {
            usePointStyle: true,
            titleFont: text.font,
            bodyFont: text.font,
            padding: 10,
            callbacks: { label: (item) => ` ${item.dataset.label}: ${words(item.parsed.y)}` },
          },
        },
      },
    };
  };

  const draw = () => {
    document.querySelectorAll("canvas[data-chart]").forEach((canvas) => {
      const source = document.getElementById(canvas.dataset.chart);
      if (!source || !window.Chart) return;
      charts.get(canvas)?.destroy();
      charts.set(canvas, new window.Chart(canvas, settings(JSON.parse(source.textContent))));
    });
  };

  const start = () => {
    draw();
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    still.addEventListener("change", draw);
    // Canvas text does not wait for the page's own letters.
    document.fonts?.ready.then(draw);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
