import 'uplot/dist/uPlot.min.css';
import './style/tokens.css';
import './style/base.css';
import './style/page.css';
import './style/states.css';
import './style/panels.css';
import './style/figures.css';
import { render } from 'preact';
import { Dashboard } from './data/dashboard.ts';
import { applyScheme } from './style/scheme.ts';
import { App } from './views/app.tsx';

applyScheme();
// Everything is asked for beside the page itself, whatever path that is served below.
const dashboard = new Dashboard(new URL('.', location.href).href);
const place = document.getElementById('app');
if (place !== null) render(<App dashboard={dashboard} />, place);
void dashboard.start();
