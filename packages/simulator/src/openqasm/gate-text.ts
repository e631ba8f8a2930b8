import type { Angle } from '../angle.ts';
import type { BaseGateName } from '../gates.ts';
import type { Operation } from '../operation.ts';

type Gate = Extract<Operation, { readonly kind: 'gate' }>;

export interface GateText {
  /** Of the gate in the standard file or in `DEFINITIONS`. */
  readonly name: string;
  /** The name with its modifiers. */
  readonly head: string;
  readonly angles: readonly Angle[];
}

/** Names of base gates under 0, 1, … controls. */
type Names = Readonly<Partial<Record<BaseGateName, readonly (string | undefined)[]>>>;

const NAMES_OF_2: Names = {
  id: ['id'],
  x: ['x', 'cx', 'ccx', 'c3x', 'c4x'],
  y: ['y', 'cy'],
  z: ['z', 'cz', 'ccz'],
  h: ['h', 'ch'],
  s: ['s'],
  sdg: ['sdg'],
  t: ['t'],
  tdg: ['tdg'],
  sx: ['sx', 'csx', undefined, 'c3sqrtx'],
  sxdg: ['sxdg'],
  rx: ['rx', 'crx'],
  ry: ['ry', 'cry'],
  rz: ['rz', 'crz'],
  p: ['u1', 'cu1'],
  u: ['u3', 'cu3'],
  swap: ['swap', 'cswap'],
  iswap: ['iswap'],
  iswapdg: ['iswapdg'],
  rxx: ['rxx'],
  ryy: ['ryy'],
  rzz: ['rzz'],
};

const NAMES_OF_3: Names = {
  x: ['x', 'cx', 'ccx'],
  y: ['y', 'cy'],
  z: ['z', 'cz'],
  h: ['h', 'ch'],
  rx: ['rx', 'crx'],
  ry: ['ry', 'cry'],
  rz: ['rz', 'crz'],
  p: ['p', 'cp'],
  u: ['U', 'cu'],
  swap: ['swap', 'cswap'],
};

/** How a gate is called; undefined when version 2 has no name for it under so many controls. */
export function gateText({ gate, controls, angles }: Gate, version: 2 | 3): GateText | undefined {
  const count = controls.length;
  if (version === 2) {
    const name = NAMES_OF_2[gate]?.[count];
    return name === undefined ? undefined : { name, head: name, angles };
  }
  const names = NAMES_OF_3[gate] ?? [gate];
  const named = Math.min(count, names.length - 1);
  const name = names[named] ?? gate;
  const rest = count - named;
  const modifier = rest === 0 ? '' : rest === 1 ? 'ctrl @ ' : `ctrl(${rest}) @ `;
  // The fourth angle of cu is a phase of the control.
  return { name, head: modifier + name, angles: name === 'cu' ? [...angles, 0] : angles };
}

type Definition = readonly (readonly [name: string, text: string])[];

const ISWAP: readonly [string, string] = [
  'iswap',
  'gate iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }',
];
const RYY: Definition = [
  [
    'ryy',
    'gate ryy(theta) a, b { rx(pi/2) a; rx(pi/2) b; cx a, b; rz(theta) b; cx a, b; ' +
      'rx(-pi/2) a; rx(-pi/2) b; }',
  ],
];

/** Gates that the standard files lack, each after those it is made of. */
export const DEFINITIONS: Readonly<Record<2 | 3, ReadonlyMap<string, Definition>>> = {
  2: new Map([
    ['ccz', [['ccz', 'gate ccz a, b, c { h c; ccx a, b, c; h c; }']]],
    ['iswap', [ISWAP]],
    ['iswapdg', [['iswapdg', 'gate iswapdg a, b { h b; cx b, a; cx a, b; h a; sdg b; sdg a; }']]],
    ['ryy', RYY],
  ]),
  3: new Map([
    ['sxdg', [['sxdg', 'gate sxdg a { inv @ sx a; }']]],
    ['iswap', [ISWAP]],
    ['iswapdg', [ISWAP, ['iswapdg', 'gate iswapdg a, b { inv @ iswap a, b; }']]],
    [
      'rxx',
      [['rxx', 'gate rxx(theta) a, b { h a; h b; cx a, b; rz(theta) b; cx a, b; h a; h b; }']],
    ],
    ['ryy', RYY],
    ['rzz', [['rzz', 'gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }']]],
  ]),
};
