import { heading, type Output } from './output.ts';
import type { ReceiptWords } from './receipt-words.ts';
import { alignFacts } from './table.ts';

/** A decision as the terminal shows it. */
export function printReceipt(words: ReceiptWords, out: Output): void {
  const { headline, seats, filters, outcome, otherwise } = words;
  for (const line of alignFacts([['', headline]])) out.say(line.trimStart());
  const lists = { 'The board': seats, 'What the algorithms made of it': filters, Outcome: outcome };
  for (const [title, facts] of Object.entries(lists)) {
    out.say();
    out.say(heading(title));
    for (const line of alignFacts(facts)) out.say(line);
  }
  if (otherwise.length === 0) return;
  out.say();
  out.say(heading('What would have changed it'));
  for (const line of alignFacts(otherwise.map((text) => [' -', text]))) out.say(line);
}
