import { useEffect, useState } from 'preact/hooks';
import type * as circuitsModule from './circuits.ts';

type Circuits = typeof circuitsModule;

/** The simulator, which is large and read only once the page stands. */
export function useCircuits(): Circuits | undefined {
  const [circuits, setCircuits] = useState<Circuits>();
  useEffect(() => {
    let isGone = false;
    void import('./circuits.ts').then((module) => {
      if (!isGone) setCircuits(module);
    });
    return () => {
      isGone = true;
    };
  }, []);
  return circuits;
}
