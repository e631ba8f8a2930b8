import { checkNames, type Evaluation, meaning } from './evaluate.ts';
import { sizeOf, unknownGate } from './expand-call.ts';
import { OPENQASM_LIMITS } from './limits.ts';
import { excerpt, OpenQasmError } from './refusal.ts';
import type { DefinedGate, GateMeaning } from './scope.ts';
import type { Call, GateDefinition, Operand } from './syntax.ts';
import { unsupported } from './token-stream.ts';

/**
 * Checks a definition, used or not: its body calls gates defined before on the qubits it lists.
 * No gate can therefore contain itself.
 *
 * @param gateNamed - the gates defined before.
 * @param globals - the values defined before.
 */
export function defineGate(
  definition: GateDefinition,
  gateNamed: (name: string) => GateMeaning | undefined,
  globals: Evaluation,
): DefinedGate {
  checkDistinct(definition);
  const isParameter = (name: string) => definition.parameters.includes(name);
  const callees = new Map<string, GateMeaning>();
  let depth = 1;
  for (const statement of definition.body ?? []) {
    if (statement.kind !== 'call' && statement.kind !== 'barrier') {
      throw unsupported(statement.at, 'gates and barriers in a gate', excerpt(statement.kind));
    }
    checkOperands(statement.operands, definition, statement.kind === 'call');
    if (statement.kind === 'barrier') continue;
    for (const angle of statement.angles) checkNames(angle, isParameter, globals);
    if (statement.name === 'gphase') continue;
    const callee = gateNamed(statement.name);
    if (callee === undefined) throw unknownGate(statement);
    checkSize(statement, callee);
    callees.set(statement.name, callee);
    if (callee.kind === 'defined') depth = Math.max(depth, callee.depth + 1);
  }
  if (depth > OPENQASM_LIMITS.nesting) {
    throw new OpenQasmError('OPENQASM_LIMIT', definition.at, {
      expected: `gates at most ${OPENQASM_LIMITS.nesting} inside one another`,
      found: 'more',
    });
  }
  return { kind: 'defined', definition, callees, depth };
}

function checkDistinct({ parameters, qubits, at }: GateDefinition): void {
  const { gateArguments } = OPENQASM_LIMITS;
  for (const names of [parameters, qubits]) {
    if (names.length > gateArguments) {
      throw new OpenQasmError('OPENQASM_LIMIT', at, {
        expected: `at most ${gateArguments} arguments of a gate`,
        found: `${names.length}`,
      });
    }
    const twice = names.find((name, k) => names.indexOf(name) !== k);
    if (twice !== undefined) throw meaning(at, 'distinct names', `${excerpt(twice)} twice`);
  }
}

function checkOperands(
  operands: readonly Operand[],
  { qubits }: GateDefinition,
  areDistinct: boolean,
): void {
  const seen = new Set<string>();
  for (const { name, index, at } of operands) {
    if (index !== undefined || !qubits.includes(name)) {
      throw meaning(at, 'a qubit of the gate', excerpt(name));
    }
    if (areDistinct && seen.has(name)) {
      throw meaning(at, 'distinct qubits', `${excerpt(name)} twice`);
    }
    seen.add(name);
  }
}

function checkSize(call: Call, callee: GateMeaning): void {
  const { parameters, qubits } = sizeOf(callee);
  if (call.angles.length !== parameters) {
    throw meaning(call.at, `${parameters} angles of ${call.name}`, `${call.angles.length}`);
  }
  const isControlled = call.modifiers.some(({ kind }) => kind === 'ctrl' || kind === 'negctrl');
  if (isControlled ? call.operands.length <= qubits : call.operands.length !== qubits) {
    throw meaning(call.at, `${qubits} qubits of ${call.name}`, `${call.operands.length}`);
  }
}
