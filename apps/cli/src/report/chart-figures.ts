import type { Chart, ChartSet } from './charts.ts';
import { html, type Markup } from './markup.ts';

/** The places the page's script draws into, each with its caption. */
export function chartFigures({ charts }: ChartSet): Markup {
  return html`<section>
    <h2>Over time</h2>
    <p class="note">
      Drag across a chart to zoom in, double-click to zoom out, click a name to hide its line.
    </p>
    <noscript><p>The charts need JavaScript; every figure above and below does not.</p></noscript>
    ${charts.map(figure)}
  </section>`;
}

function figure({ id, title, caption }: Chart): Markup {
  return html`<figure>
    <figcaption>
      ${id === 'equity' ? [LOG_TOGGLE] : []}
      <h3>${title}</h3>
      <p>${caption}</p>
    </figcaption>
    <div class="plot" id="chart-${id}"></div>
  </figure>`;
}

const LOG_TOGGLE = html`<label class="toggle"
  ><input type="checkbox" id="equity-log" checked /> logarithmic scale</label
>`;
