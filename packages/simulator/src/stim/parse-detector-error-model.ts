import type { DemComponent, DemInstruction, DetectorErrorModel } from './detector-error-model.ts';
import { STIM_LIMITS } from './limits.ts';
import { excerpt, type Place, StimError } from './refusal.ts';
import { repetitions, type Statement, statements, unexpected, wholeNumber } from './statements.ts';

/** What a model has had so far, earlier blocks multiplied out. */
interface Counts {
  detectors: number;
  observables: number;
  errors: number;
  /** Turns of blocks and instructions in them. */
  steps: number;
  shift: number;
}

interface Block {
  readonly place: Place;
  readonly count: number;
  readonly before: Counts;
  readonly instructions: DemInstruction[];
  /** One more than the highest detector named in this block or a block inside it. */
  reach: number;
}

/**
 * Reads Stim's detector error model format: error, detector, logical_observable, shift_detectors
 * and repeat. Linear in the text; repeated blocks are not unrolled.
 *
 * @param file - the name that errors give.
 * @throws {StimError} `STIM_SYNTAX`, `STIM_MEANING`, `STIM_LIMIT` (see STIM_LIMITS)
 * @see https://github.com/quantumlib/Stim, doc/file_format_dem_detector_error_model.md
 */
export function parseDetectorErrorModel(text: string, file = 'model.dem'): DetectorErrorModel {
  const counts: Counts = { detectors: 0, observables: 0, errors: 0, steps: 0, shift: 0 };
  const blocks: Block[] = [blockAt({ file, line: 1, column: 1 }, 1, counts)];
  for (const statement of statements(text, file)) {
    const block = blocks[blocks.length - 1];
    if (statement.name === 'REPEAT') {
      if (blocks.length > STIM_LIMITS.nesting) {
        const expected = `at most ${STIM_LIMITS.nesting} blocks inside one another`;
        throw new StimError('STIM_LIMIT', statement.place, expected, 'one more');
      }
      blocks.push(blockAt(statement.place, repetitions(statement), counts));
    } else if (statement.name === '}') {
      close(blocks, statement, counts);
    } else {
      block.instructions.push(instructionOf(statement, block, counts));
      checkLimits(counts, statement.place);
    }
  }
  const [{ instructions }] = blocks;
  if (blocks.length > 1) {
    const { place } = blocks[blocks.length - 1];
    throw new StimError('STIM_SYNTAX', place, "'}' for this block", 'the end of the text');
  }
  const { detectors, observables, errors } = counts;
  return { instructions, detectors, observables, errors };
}

function blockAt(place: Place, count: number, counts: Counts): Block {
  return { place, count, before: { ...counts }, instructions: [], reach: 0 };
}

function close(blocks: Block[], { place }: Statement, counts: Counts): void {
  const block = blocks.pop();
  if (block === undefined || blocks.length === 0) {
    throw new StimError('STIM_SYNTAX', place, 'an instruction', "'}' that closes no block");
  }
  const { before, count, instructions } = block;
  const later = (count - 1) * (counts.shift - before.shift);
  if (block.reach > 0) reached(blocks[blocks.length - 1], counts, block.reach + later);
  for (const key of ['errors', 'steps', 'shift'] as const) {
    counts[key] = before[key] + count * (counts[key] - before[key]);
  }
  // An empty turn costs time too.
  counts.steps += count;
  checkLimits(counts, block.place);
  blocks[blocks.length - 1].instructions.push({ kind: 'repeat', count, body: instructions });
}

function reached(block: Block, counts: Counts, detectors: number): void {
  block.reach = Math.max(block.reach, detectors);
  counts.detectors = Math.max(counts.detectors, detectors);
}

function checkLimits(counts: Counts, place: Place): void {
  for (const key of ['detectors', 'observables', 'errors', 'steps'] as const) {
    if (counts[key] > STIM_LIMITS[key]) {
      const expected = `at most ${STIM_LIMITS[key]} ${key}`;
      throw new StimError('STIM_LIMIT', place, expected, `${counts[key]} so far`);
    }
  }
}

function instructionOf(statement: Statement, block: Block, counts: Counts): DemInstruction {
  const { name, place, arguments: coordinates, opens } = statement;
  if (opens) throw new StimError('STIM_SYNTAX', place, 'repeat before a block', excerpt(name));
  counts.steps++;
  switch (name) {
    case 'ERROR': {
      const [probability] = coordinates;
      if (coordinates.length !== 1 || !(probability >= 0 && probability <= 1)) {
        const found = `(${coordinates.join(', ')})`;
        throw new StimError('STIM_MEANING', place, 'one probability in [0, 1]', found);
      }
      counts.errors++;
      return { kind: 'error', probability, components: componentsOf(statement, block, counts) };
    }
    case 'DETECTOR': {
      const { detectors } = targetsOf(statement, 'D', block, counts);
      return { kind: 'detector', coordinates, detectors };
    }
    case 'LOGICAL_OBSERVABLE': {
      const { observables } = targetsOf(statement, 'L', block, counts);
      return { kind: 'observable', observables };
    }
    case 'SHIFT_DETECTORS': {
      const [word, more] = statement.targets;
      if (statement.targets.length === 0) {
        throw new StimError('STIM_SYNTAX', place, 'a number of detectors', 'none');
      }
      if (statement.targets.length > 1) throw unexpected(more, 'one number of detectors');
      const most = STIM_LIMITS.detectors;
      const detectors = wholeNumber(word, word.text, { most, what: 'a number of detectors' });
      counts.shift += detectors;
      return { kind: 'shift', coordinates, detectors };
    }
    default: {
      const expected = 'error, detector, logical_observable, shift_detectors or repeat';
      throw new StimError('STIM_SYNTAX', place, expected, excerpt(name));
    }
  }
}

function targetsOf(
  statement: Statement,
  letter: 'D' | 'L',
  block: Block,
  counts: Counts,
): DemComponent {
  const other = statement.targets.find((word) => word.text.charAt(0).toUpperCase() !== letter);
  if (other !== undefined) throw unexpected(other, `targets such as ${letter}5`);
  const [component] = componentsOf(statement, block, counts);
  return component;
}

/** Targets such as `D0 D1 L0 ^ D2`. */
function componentsOf(statement: Statement, block: Block, counts: Counts): DemComponent[] {
  let component: { detectors: number[]; observables: number[] } = newComponent();
  const components = [component];
  for (const word of statement.targets) {
    const { text } = word;
    const digits = text.slice(1);
    if (text === '^') {
      component = newComponent();
      components.push(component);
    } else if (/^D/i.test(text)) {
      const limits = { most: STIM_LIMITS.detectors - 1, what: 'a detector such as D5' };
      const detector = wholeNumber(word, digits, limits);
      reached(block, counts, counts.shift + detector + 1);
      component.detectors.push(detector);
    } else if (/^L/i.test(text)) {
      const limits = { most: STIM_LIMITS.observables - 1, what: 'an observable such as L5' };
      const observable = wholeNumber(word, digits, limits);
      counts.observables = Math.max(counts.observables, observable + 1);
      component.observables.push(observable);
    } else {
      throw unexpected(word, 'D5, L5 or ^');
    }
  }
  return components;
}

function newComponent(): { detectors: number[]; observables: number[] } {
  return { detectors: [], observables: [] };
}
