import { reliability } from '@sema/qar';
import { describe, expect, test } from 'vitest';
import { reliabilityDiagram } from '../src/report/reliability-diagram.ts';

// Ten forecasts of 0.2 of which 1 came true, thirty of 0.8 of which 24 did.
const forecasts = Array.from({ length: 40 }, (_, i) => (i < 10 ? 0.2 : 0.8));
const happened = forecasts.map((_, i) => Number(i < 10 ? i === 0 : i % 5 > 0));
const curve = reliability(forecasts, happened, { bins: 20, overlap: 1 });
if (curve === undefined) throw new Error('forty forecasts have a curve');

const threshold = { value: 0.5, title: 'entries from <0.5>' };
const svg = reliabilityDiagram(
  [{ title: 'Confidence', style: 'stated', reliability: curve }],
  threshold,
).text;
const numbers = (pattern: RegExp): number[][] =>
  [...svg.matchAll(pattern)].map((match) => match.slice(1).map(Number));

describe('the reliability diagram', () => {
  test('has a dot for each bin where its forecast and its frequency are', () => {
    const dots = numbers(/<circle cx="([\d.]+)" cy="([\d.]+)"/g);
    expect(dots).toHaveLength(2);
    // The square is 380 wide, 56 from the left and 12 from the top.
    expect(dots[0]).toEqual([56 + 0.2 * 380, 12 + 0.9 * 380]);
    expect(dots[1]).toEqual([56 + 0.8 * 380, 12 + 0.2 * 380]);
  });

  test('says the interval of each dot and draws it around the frequency', () => {
    const intervals = numbers(/class="interval" d="M[\d.]+ ([\d.]+)V([\d.]+)"/g);
    curve.bins.forEach(({ frequency, low, high }, i) => {
      const [bottom, top] = intervals[i];
      expect(bottom).toBeCloseTo(12 + (1 - low) * 380, 0);
      expect(top).toBeCloseTo(12 + (1 - high) * 380, 0);
      const height = 12 + (1 - frequency) * 380;
      expect(height > top && height < bottom).toBe(true);
    });
    expect(svg).toContain('stated 80.0%, happened 80.0%');
    expect(svg).toContain('of 30 times');
  });

  test('has a bar for each bin, as high as its count', () => {
    const bars = numbers(/<rect [^>]*height="([\d.]+)"/g);
    expect(bars.map(([height]) => height)).toEqual([21.3, 64]);
  });

  test('shows a hostile title as text', () => {
    expect(svg).toContain('entries from &lt;0.5&gt;');
    expect(svg).not.toContain('<0.5>');
  });
});
