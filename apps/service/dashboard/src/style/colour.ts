export type ColourName =
  | 'panel'
  | 'ink'
  | 'soft'
  | 'line'
  | 'edge'
  | 'quantum'
  | 'twin'
  | 'buy'
  | 'sell'
  | 'denied'
  | 'alarm'
  | 'stable'
  | 'trending'
  | 'volatile'
  | 'crisis';

/**
 * A colour of the stylesheet as a canvas understands it, in the scheme of now: a custom property
 * by itself still holds both.
 */
export function colour(name: ColourName, opacity = 1): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return opacity === 1 ? resolved : resolved.replace(/rgb\((.*)\)/, `rgba($1, ${opacity})`);
}
