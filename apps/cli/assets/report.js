/* global uPlot, document, getComputedStyle, matchMedia, ResizeObserver */

// Draws the report's charts with uPlot from the JSON that the page carries.
(() => {
  const { times, charts } = JSON.parse(document.getElementById('chart-data').textContent);
  const logToggle = document.getElementById('equity-log');

  const FORMATS = {
    money: (value) => Math.round(value).toLocaleString('en-US'),
    percent: (value) => `${value.toFixed(2)}%`,
    share: (value) => value.toFixed(3),
  };
  const AXIS_FORMATS = {
    money: (value) => (value >= 1000 ? `${(value / 1000).toLocaleString('en-US')}k` : `${value}`),
    percent: (value) => `${Number(value.toFixed(4))}%`,
    share: (value) => `${Number(value.toFixed(4))}`,
  };
  const REGIME_COLOURS = ['--stable', '--trending', '--volatile', '--crisis'];
  const LINE_COLOURS = 7;
  /** Contenders keep their colours from chart to chart. */
  const palette = new Map(charts[0].labels.map((label, index) => [label, index]));
  const NARROW = 560;

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Lines take seven colours in turn, dashed the second time round. */
  function lines(chart) {
    // Sema and its twin usually lie on one another: a broad line below, a dashed one above.
    const twin = chart.labels.indexOf('Classical twin');
    const series = chart.labels.map((label, index) => {
      const colour = palette.get(label) ?? index;
      return {
        label,
        stroke: style(`--c${(colour % LINE_COLOURS) + 1}`),
        dash: colour < LINE_COLOURS && index !== twin ? undefined : [6, 4],
        width: index === twin - 1 ? 2.5 : 1.5,
        points: { show: false },
        value: (_, value) => (value === null ? '–' : FORMATS[chart.unit](value)),
      };
    });
    return { series, values: chart.values };
  }

  /** Areas are drawn from the whole stack down to its first part, each over the one before. */
  function areas(chart) {
    const sums = [];
    chart.values.forEach((row, index) => {
      sums.push(row.map((value, i) => (index === 0 ? value : value + sums[index - 1][i])));
    });
    const order = chart.labels.map((_, index) => chart.labels.length - 1 - index);
    const series = order.map((index) => ({
      label: chart.labels[index],
      stroke: style(REGIME_COLOURS[index]),
      fill: style(REGIME_COLOURS[index]),
      width: 0,
      points: { show: false },
      value: (_, __, ___, i) => (i === null ? '–' : FORMATS[chart.unit](chart.values[index][i])),
    }));
    return { series, values: order.map((index) => sums[index]) };
  }

  function options(chart, series, width) {
    const axis = {
      stroke: style('--soft'),
      grid: { stroke: style('--grid'), width: 1 },
      ticks: { stroke: style('--grid'), width: 1 },
      font: '12px system-ui, sans-serif',
    };
    const positive = chart.values.every((row) => row.every((value) => value > 0));
    const logarithmic = chart.id === 'equity' && logToggle.checked && positive;
    const range = chart.stacked ? [0, 1] : logarithmic ? oneDigitRange : undefined;
    return {
      width,
      height: width < NARROW ? 240 : 320,
      legend: {
        markers: { dash: (plot, index) => (plot.series[index].dash ? 'dashed' : 'solid') },
      },
      cursor: { sync: { key: 'sema' }, drag: { x: true, y: false } },
      scales: { x: { time: true }, y: { distr: logarithmic ? 3 : 1, ...(range && { range }) } },
      series: [{ value: (_, value) => (value === null ? '–' : day(value)) }, ...series],
      axes: [
        axis,
        { ...axis, size: 58, values: (_, ticks) => ticks.map((tick) => tickText(chart, tick)) },
      ],
    };
  }

  /** Left alone, uPlot widens a logarithmic scale to whole powers of ten; one digit is enough. */
  function oneDigitRange(_, least, most) {
    const rounded = (value, round) => {
      const power = 10 ** Math.floor(Math.log10(value));
      return round(value / power) * power;
    };
    return [rounded(least, Math.floor), rounded(most, Math.ceil)];
  }

  function tickText(chart, tick) {
    return tick === null ? '' : AXIS_FORMATS[chart.unit](tick);
  }

  function day(seconds) {
    const text = new Date(seconds * 1000).toISOString();
    return text.endsWith('T00:00:00.000Z')
      ? text.slice(0, 10)
      : text.slice(0, 16).replace('T', ' ');
  }

  function draw(chart) {
    const place = document.getElementById(`chart-${chart.id}`);
    const width = place.clientWidth - 10;
    if (width <= 0) return;
    const { series, values } = chart.stacked ? areas(chart) : lines(chart);
    place.replaceChildren();
    new uPlot(options(chart, series, width), [times, ...values], place);
  }

  const drawAll = () => charts.forEach(draw);
  drawAll();
  logToggle.addEventListener('change', () => draw(charts[0]));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

  let drawnWidth = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth === drawnWidth) return;
    drawnWidth = document.body.clientWidth;
    drawAll();
  }).observe(document.body);
})();
