export { drawSvg, type SvgOptions } from './drawing/draw-svg.ts';
export { drawText, type TextOptions } from './drawing/draw-text.ts';
