import { z } from '@hono/zod-openapi';
import { Action, Regime } from './names.ts';

const MOST_ROWS = 100_000;
const column = () => z.array(z.number()).min(1).max(MOST_ROWS);
const INTERVAL = /^([1-9]\d{0,3})([smhdw])$/;

const FrameColumns = z
  .strictObject({
    time: column().openapi({ description: 'Open times, ms since the Unix epoch, ascending.' }),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  })
  .openapi('FrameColumns', { description: 'Columns of equal length.' });

export const FrameIn = z
  .strictObject({
    pair: z.string().openapi({ example: 'BTC/USDT' }),
    interval: z.string().regex(INTERVAL).optional().openapi({
      example: '1m',
      description: 'Spacing of the candles; this or `intervalMs` must be given.',
    }),
    intervalMs: z.number().optional(),
    columns: FrameColumns,
    model: z
      .string()
      .regex(/^[0-9a-f]{16,64}$/)
      .optional()
      .openapi({ description: 'Of `/v1/models`, or a snapshot; the latest model when absent.' }),
  })
  .openapi('FrameIn');

const perRow = <Value extends z.ZodType>(value: Value) => z.array(value.nullable());

export const FrameSignals = z
  .object({
    model: z.string().openapi({ description: 'What decided; give it back to ask the same again.' }),
    snapshot: z.string().nullable().openapi({ description: 'Of the market of this pair, if any.' }),
    windowCandles: z.int(),
    lastTime: z.number(),
    columns: z.object({
      id: perRow(z.string()),
      action: perRow(Action),
      confidence: perRow(z.number()),
      regime: perRow(Regime),
      stake: perRow(z.number()),
      denied: perRow(z.string()),
      undecided: perRow(z.string()),
    }),
  })
  .openapi('FrameSignals', {
    description:
      'One value per row; all null before a whole window. Row t depends on the model and rows ' +
      '(t − W, t] and on nothing else.',
  });

export const Signal = z
  .object({
    model: z.string(),
    snapshot: z.string().nullable(),
    windowCandles: z.int(),
    lastTime: z.number(),
    id: z.string(),
    action: Action.nullable(),
    confidence: z.number().nullable(),
    regime: Regime.nullable(),
    evidence: z.number().nullable().openapi({
      description: 'What speaks for a position against the other actions, as log-odds.',
    }),
    stake: z.number(),
    denied: z.string().nullable(),
    undecided: z.string().nullable(),
  })
  .openapi('Signal');

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a text such as `5m`, which has the form that `FrameIn` asks for. */
export function intervalMsOf(text: string): number {
  const unit = text.at(-1) ?? '';
  const [, scale = NaN] = Object.entries(UNIT_MS).find(([name]) => name === unit) ?? [];
  return Number.parseInt(text, 10) * scale;
}
