import { type Angle, scaled } from '../angle.ts';
import type { Circuit } from '../circuit.ts';
import { GATES } from '../gates.ts';
import { type Evaluation, evaluate, evaluateInteger, evaluateNumber, meaning } from './evaluate.ts';
import type { Part } from './gate-library.ts';
import { OPENQASM_LIMITS } from './limits.ts';
import { excerpt, OpenQasmError, type Place } from './refusal.ts';
import type { GateMeaning } from './scope.ts';
import type { Call, Modifier } from './syntax.ts';
import { unsupported } from './token-stream.ts';

/** What a call is expanded into and against. */
export interface Expansion {
  readonly circuit: Circuit;
  /** Names as they are where the call stands. */
  readonly evaluation: Evaluation;
  /** Names as they are in the body of a gate, its own apart. */
  readonly globals: Evaluation;
  readonly gateNamed: (name: string) => GateMeaning | undefined;
}

/** How the modifiers around a call change each gate in it. */
interface Setting {
  /** All of these must be 1. */
  readonly controls: readonly number[];
  readonly inverted: boolean;
}

/** What the modifiers of one call come to. */
interface Modification {
  /** One for each control, in the order of the operands: must it be 1? */
  readonly controls: readonly boolean[];
  readonly inverted: boolean;
  readonly power: number;
}

const PLAIN: Modification = { controls: [], inverted: false, power: 1 };
const OUTERMOST: Setting = { controls: [], inverted: false };

/**
 * Adds the gates of one call to the circuit.
 *
 * @param qubits - one for each operand.
 */
export function expandCall(call: Call, qubits: readonly number[], expansion: Expansion): void {
  expand(call, qubits, expansion, OUTERMOST);
}

function expand(call: Call, qubits: readonly number[], expansion: Expansion, outer: Setting): void {
  const { evaluation, circuit } = expansion;
  evaluation.budget.spend(call.at);
  const { controls, inverted, power } = modification(call.modifiers, evaluation);
  const targets = qubits.slice(controls.length);
  const setting: Setting = {
    controls: [...outer.controls, ...qubits.slice(0, controls.length)],
    inverted: outer.inverted !== inverted,
  };
  const flipped = qubits.filter((_, k) => controls[k] === false);
  const angles = call.angles.map((angle) => evaluate(angle, evaluation));
  for (const qubit of flipped) circuit.x(qubit);
  expandPower(call, { angles, targets, power }, expansion, setting);
  for (const qubit of flipped) circuit.x(qubit);
}

interface Applied {
  readonly angles: readonly Angle[];
  readonly targets: readonly number[];
  readonly power: number;
}

function expandPower(call: Call, applied: Applied, expansion: Expansion, setting: Setting): void {
  const { angles, targets, power } = applied;
  if (call.name === 'gphase') {
    checkCounts(call, { parameters: 1, qubits: 0 }, applied);
    addPhase(scaled(angles[0], power), expansion.circuit, setting);
    return;
  }
  const gate = gateOf(call, expansion);
  checkCounts(call, sizeOf(gate), applied);
  const turned = power < 0 ? { ...setting, inverted: !setting.inverted } : setting;
  if (Math.abs(power) > OPENQASM_LIMITS.steps) {
    throw new OpenQasmError('OPENQASM_LIMIT', call.at, {
      expected: `a power of at most ${OPENQASM_LIMITS.steps}`,
      found: String(power),
    });
  }
  if (Number.isInteger(power)) {
    for (let k = 0; k < Math.abs(power); k++) {
      expansion.evaluation.budget.spend(call.at);
      expandGate(gate, angles, targets, expansion, turned);
    }
    return;
  }
  expandFraction(call, gate, { ...applied, power: Math.abs(power) }, expansion, turned);
}

function expandGate(
  gate: GateMeaning,
  angles: readonly Angle[],
  qubits: readonly number[],
  expansion: Expansion,
  setting: Setting,
): void {
  if (gate.kind === 'library') {
    const parts = gate.gate.parts(angles);
    for (let k = 0; k < parts.length; k++) {
      const next = parts[setting.inverted ? parts.length - 1 - k : k];
      addPart(next, qubits, expansion.circuit, setting);
    }
    if (setting.controls.length === 0) return;
    for (const phase of gate.gate.phase?.(angles) ?? []) {
      addPhase(phase, expansion.circuit, setting);
    }
    return;
  }
  const { parameters, qubits: names, body = [] } = gate.definition;
  const values = new Map(parameters.map((name, k) => [name, angles[k]]));
  const places = new Map(names.map((name, k) => [name, qubits[k]]));
  const inner: Expansion = {
    ...expansion,
    evaluation: { ...expansion.globals, valueOf: valueIn(values, expansion.globals) },
    gateNamed: (name) => gate.callees.get(name),
  };
  for (let k = 0; k < body.length; k++) {
    const statement = body[setting.inverted ? body.length - 1 - k : k];
    if (statement.kind !== 'call' && statement.kind !== 'barrier') continue;
    const { operands } = statement;
    // The definition was checked: its operands are its qubits.
    const list = operands.map((operand) => places.get(operand.name) ?? 0);
    if (statement.kind === 'call') expand(statement, list, inner, setting);
    else expansion.circuit.barrier(...(list.length === 0 ? qubits : list));
  }
}

function valueIn(values: ReadonlyMap<string, Angle>, outer: Evaluation): Evaluation['valueOf'] {
  return (name, at) => values.get(name) ?? outer.valueOf(name, at);
}

function addPart(
  { gate, angles, controls, targets }: Part,
  qubits: readonly number[],
  circuit: Circuit,
  setting: Setting,
): void {
  const onto = (list: readonly number[]) => list.map((k) => qubits[k]);
  const own = GATES[gate].controls;
  const all = [...setting.controls, ...onto(controls), ...onto(targets.slice(0, own))];
  const { inverse, inverseAngles, base } = GATES[gate];
  if (!setting.inverted) {
    circuit.controlled(base, all, onto(targets.slice(own)), angles);
    return;
  }
  const turned = inverseAngles.map((k) => scaled(angles[k], -1));
  circuit.controlled(inverse, all, onto(targets.slice(own)), turned);
}

/** e^(i·angle) where the controls are 1; with no controls it cannot be observed and is dropped. */
function addPhase(angle: Angle, circuit: Circuit, { controls, inverted }: Setting): void {
  const target = controls.at(-1);
  if (target === undefined) return;
  circuit.controlled('p', controls.slice(0, -1), [target], [scaled(angle, inverted ? -1 : 1)]);
}

const PHASES: ReadonlyMap<string, number> = new Map([
  ['z', Math.PI],
  ['s', Math.PI / 2],
  ['sdg', -Math.PI / 2],
  ['t', Math.PI / 4],
  ['tdg', -Math.PI / 4],
]);

/** A power that is no integer, by the principal logarithm, of the gates that rotate. */
function expandFraction(
  call: Call,
  gate: GateMeaning,
  { angles, targets, power }: Applied,
  { circuit }: Expansion,
  setting: Setting,
): void {
  const [part, ...more] = gate.kind === 'library' ? gate.gate.parts(angles) : [];
  const refusal = unsupported(call.at, 'an integer power, or one of a rotation', `pow(${power})`);
  if (part === undefined || more.length > 0) throw refusal;
  const base = GATES[part.gate].base;
  const [angle] = part.angles;
  const turn = PHASES.get(base) ?? (base === 'p' && typeof angle === 'number' ? angle : undefined);
  if (base === 'x') {
    const target = part.targets.slice(-1).map((k) => targets[k]);
    circuit.h(target[0]);
    addPart(
      {
        ...part,
        gate: 'p',
        targets: part.targets.slice(-1),
        angles: [Math.PI * power],
        controls: [...part.controls, ...part.targets.slice(0, -1)],
      },
      targets,
      circuit,
      setting,
    );
    circuit.h(target[0]);
  } else if (turn !== undefined) {
    const own = [...part.controls, ...part.targets.slice(0, -1)];
    const fraction = principal(turn, 2 * Math.PI) * power;
    const phase: Part = {
      gate: 'p',
      angles: [fraction],
      controls: own,
      targets: part.targets.slice(-1),
    };
    addPart(phase, targets, circuit, setting);
  } else if (/^r(x|y|z|xx|yy|zz)$/.test(base) && typeof angle === 'number') {
    const fraction = principal(angle, 4 * Math.PI) * power;
    addPart({ ...part, angles: [fraction] }, targets, circuit, setting);
  } else {
    throw refusal;
  }
}

/** The angle in (−period/2, period/2] that is the same turn. */
function principal(angle: number, period: number): number {
  const rest = angle - period * Math.floor(angle / period);
  return rest > period / 2 ? rest - period : rest;
}

function modification(modifiers: readonly Modifier[], evaluation: Evaluation): Modification {
  if (modifiers.length === 0) return PLAIN;
  const controls: boolean[] = [];
  let inverted = false;
  let power = 1;
  for (const { kind, argument, at } of modifiers) {
    if (kind === 'inv') {
      inverted = !inverted;
    } else if (kind === 'pow') {
      power *= argument === undefined ? 1 : evaluateNumber(argument, evaluation);
    } else {
      const count = argument === undefined ? 1 : evaluateInteger(argument, evaluation);
      if (count < 1) throw meaning(at, 'a positive number of controls', String(count));
      for (let k = 0; k < count; k++) {
        evaluation.budget.spend(at);
        controls.push(kind === 'ctrl');
      }
    }
  }
  return { controls, inverted, power };
}

function gateOf(call: Call, { gateNamed }: Expansion): GateMeaning {
  const gate = gateNamed(call.name);
  if (gate === undefined) throw unknownGate(call);
  if (gate.kind === 'defined' && gate.definition.body === undefined) {
    throw unsupported(call.at, 'a gate with a body', `${excerpt(call.name)}, which is opaque`);
  }
  return gate;
}

export function unknownGate({ name, at }: { name: string; at: Place }): Error {
  return meaning(at, 'a gate defined before', excerpt(name));
}

interface Size {
  readonly parameters: number;
  readonly qubits: number;
}

export function sizeOf(gate: GateMeaning): Size {
  if (gate.kind === 'library') return gate.gate;
  const { parameters, qubits } = gate.definition;
  return { parameters: parameters.length, qubits: qubits.length };
}

function checkCounts(call: Call, size: Size, { angles, targets }: Applied): void {
  if (angles.length !== size.parameters) {
    throw meaning(call.at, `${size.parameters} angles of ${call.name}`, `${angles.length}`);
  }
  if (targets.length !== size.qubits) {
    throw meaning(call.at, `${size.qubits} qubits of ${call.name}`, `${targets.length}`);
  }
}
