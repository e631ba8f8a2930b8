import { useEffect, useState } from 'preact/hooks';

export const SCHEMES = ['system', 'light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

const KEY = 'sema.scheme';
const CHANGED = 'sema-scheme';

export function chosenScheme(): Scheme {
  const kept = localStorage.getItem(KEY);
  return SCHEMES.find((scheme) => scheme === kept) ?? 'system';
}

/** Shows the page in a scheme and remembers it. */
export function chooseScheme(scheme: Scheme): void {
  localStorage.setItem(KEY, scheme);
  applyScheme();
  dispatchEvent(new Event(CHANGED));
}

export function applyScheme(): void {
  const scheme = chosenScheme();
  if (scheme === 'system') delete document.documentElement.dataset.scheme;
  else document.documentElement.dataset.scheme = scheme;
}

/** `light` or `dark`, whoever decided it; what draws on a canvas draws anew when it changes. */
export function useScheme(): 'light' | 'dark' {
  const [scheme, setScheme] = useState(presentScheme);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const look = (): void => {
      setScheme(presentScheme());
    };
    system.addEventListener('change', look);
    addEventListener(CHANGED, look);
    return () => {
      system.removeEventListener('change', look);
      removeEventListener(CHANGED, look);
    };
  }, []);
  return scheme;
}

function presentScheme(): 'light' | 'dark' {
  const scheme = chosenScheme();
  if (scheme !== 'system') return scheme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
