import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Circuit, scaled } from '@sema/simulator';
import { drawSvg, drawText } from '@sema/simulator/drawing';
import { circuitAndState } from '../arbitrary-circuits.ts';

function teleportation(): Circuit {
  return new Circuit(3, { bits: 2 })
    .ry(Math.PI / 4, 0)
    .h(1)
    .cx(1, 2)
    .cx(0, 1)
    .h(0)
    .measure(0, 0)
    .measure(1, 1)
    .when([1], 1, (then) => then.x(2))
    .when([0], 1, (then) => then.z(2));
}

test('teleportation in text', () => {
  expect(drawText(teleportation())).toMatchInlineSnapshot(`
    "q0: ─Ry(π/4)─────●───H─────M→c0──────────
                     │
    q1: ────H─────●──⊕──M→c1─────────────────
                  │
    q2: ──────────⊕─────────────X───────Z────
                              (c1=1)  (c0=1)"
  `);
});

test('every kind of operation has its sign', () => {
  const circuit = new Circuit(4, { bits: 1 });
  const theta = circuit.parameter('theta');
  circuit.ccx(0, 2, 3).cz(0, 1).cswap(0, 1, 3).iswap(0, 1).barrier(0, 1);
  circuit.rx(theta, 0).ry(scaled(theta, -1), 1).rz(scaled(theta, 0.5), 2).p(1.23456, 3);
  circuit.multiplexedRz([1, 2, 3, 4], [0, 1], 2).multiplexedRx([Math.PI], [], 3);
  circuit.diagonal([1, 0, 0, 1], [0]).unitary([0, 0, 1, 0, 1, 0, 0, 0], [1]);
  circuit.diagonal([1, 0, 1, 0, 1, 0, -1, 0], [2, 3]).sxdg(0).tdg(1).reset(2).measure(3, 0);
  expect(drawText(circuit, { width: 200 })).toMatchInlineSnapshot(`
    "q0: ─●──●──●──────iSwap────────¦────Rx(theta)────────○─────────D───√X†──
         │  │  │        │                                │
    q1: ─┼──●──×──────iSwap────────¦────Ry(−theta)───────○─────────U────T†──
         │     │                                         │
    q2: ─●─────┼──Rz(0.5·theta)─────────────────────Rz(4 angles)──D:0──|0⟩──
         │     │                                                   │
    q3: ─⊕─────×─────P(1.23)─────Rx(π)────────────────────────────D:1──M→c0─"
  `);
});

test('a circuit without qubits or operations is drawn as what it is', () => {
  expect(drawText(new Circuit(0))).toBe('');
  expect(drawText(new Circuit(2))).toBe('q0:\n\nq1:');
  expect(drawSvg(new Circuit(0))).toMatch(/^<svg .*<\/svg>$/s);
});

test('text keeps to the width and its wires line up', () => {
  fc.assert(
    fc.property(circuitAndState(6, 30), fc.integer({ min: 50, max: 200 }), ({ circuit }, width) => {
      for (const band of drawText(circuit, { width }).split(/(?=^q0: )/m)) {
        const wires = band.split('\n').filter((line) => line.startsWith('q'));
        expect(wires).toHaveLength(circuit.qubits);
        const lengths = new Set(wires.map((wire) => [...wire].length));
        expect(lengths.size).toBe(1);
        expect(Math.max(...lengths)).toBeLessThanOrEqual(width);
      }
    }),
  );
});

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxes(svg: string): Rectangle[] {
  const pattern = /<rect class="box" x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"/g;
  return [...svg.matchAll(pattern)].map(([, ...numbers]) => {
    const [x, y, width, height] = numbers.map(Number);
    return { x, y, width, height };
  });
}

test('boxes of an SVG lie apart from each other and inside the image', () => {
  fc.assert(
    fc.property(circuitAndState(6, 30), ({ circuit }) => {
      const svg = drawSvg(circuit);
      const [, width, height] = (/width="(.*?)" height="(.*?)"/.exec(svg) ?? []).map(Number);
      const all = boxes(svg);
      for (const [k, a] of all.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(
          true,
        );
        for (const b of all.slice(k + 1)) {
          const apart =
            a.x + a.width < b.x ||
            b.x + b.width < a.x ||
            a.y + a.height < b.y ||
            b.y + b.height < a.y;
          expect(apart).toBe(true);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('names from outside cannot break out of an SVG or a line', () => {
  const circuit = new Circuit(1);
  circuit.rx(circuit.parameter('</text><script>"&\n'), 0);
  const svg = drawSvg(circuit);
  expect(svg).toContain('Rx(&lt;/text&gt;&lt;script&gt;"&amp;?)');
  expect(svg).not.toContain('<script');
  expect(drawText(circuit).split('\n')).toHaveLength(1);
});

test('more than anyone could read is refused', () => {
  const circuit = new Circuit(1);
  for (let k = 0; k < 20_001; k++) circuit.x(0);
  for (const draw of [drawText, drawSvg]) {
    expect(() => draw(circuit)).toThrow(expect.objectContaining({ code: 'TOO_MANY_OPERATIONS' }));
  }
});
