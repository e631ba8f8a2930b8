import type { Place } from './refusal.ts';

/** A program as it is written; `at` is where a part begins. */
export interface Syntax {
  readonly version: 2 | 3;
  readonly statements: readonly Statement[];
}

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: Place }
  | { readonly kind: 'name'; readonly name: string; readonly at: Place }
  | { readonly kind: 'element'; readonly operand: Operand; readonly at: Place }
  | {
      readonly kind: 'unary';
      readonly operator: string;
      readonly operand: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly argument: readonly Expression[];
      readonly at: Place;
    };

/** `[first : step : last]`, all but the colon optional in an index. */
export interface Range {
  readonly kind: 'range';
  readonly first: Expression | undefined;
  readonly step: Expression | undefined;
  readonly last: Expression | undefined;
  readonly at: Place;
}

export type Index =
  | { readonly kind: 'single'; readonly value: Expression }
  | { readonly kind: 'set'; readonly values: readonly Expression[] }
  | Range;

/** A register, a part of one, or a physical qubit such as `$3`. */
export interface Operand {
  readonly name: string;
  readonly index: Index | undefined;
  readonly at: Place;
}

export interface Modifier {
  readonly kind: 'ctrl' | 'negctrl' | 'inv' | 'pow';
  /** How many controls, or which power. */
  readonly argument: Expression | undefined;
  readonly at: Place;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly modifiers: readonly Modifier[];
  readonly angles: readonly Expression[];
  readonly operands: readonly Operand[];
  readonly at: Place;
}

export interface GateDefinition {
  readonly kind: 'gate';
  readonly name: string;
  readonly parameters: readonly string[];
  readonly qubits: readonly string[];
  /** undefined when opaque. */
  readonly body: readonly Statement[] | undefined;
  readonly at: Place;
}

export interface Register {
  readonly kind: 'register';
  readonly of: 'qubits' | 'bits';
  readonly name: string;
  /** undefined for a single one. */
  readonly size: Expression | undefined;
  readonly at: Place;
}

export interface Include {
  readonly kind: 'include';
  readonly file: string;
  readonly at: Place;
}

export interface If {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly at: Place;
}

export interface For {
  readonly kind: 'for';
  readonly variable: string;
  readonly values: Index;
  readonly body: readonly Statement[];
  readonly at: Place;
}

export type Statement =
  | Call
  | GateDefinition
  | Register
  | Include
  | If
  | For
  | {
      readonly kind: 'measure';
      readonly source: Operand;
      readonly target: Operand;
      readonly at: Place;
    }
  | { readonly kind: 'reset'; readonly operand: Operand; readonly at: Place }
  | { readonly kind: 'barrier'; readonly operands: readonly Operand[]; readonly at: Place }
  | {
      readonly kind: 'constant';
      readonly name: string;
      readonly value: Expression;
      readonly at: Place;
    }
  | { readonly kind: 'input'; readonly name: string; readonly at: Place }
  | {
      readonly kind: 'alias';
      readonly name: string;
      readonly operands: readonly Operand[];
      readonly at: Place;
    };

export type StatementOf<Kind extends Statement['kind']> = Extract<
  Statement,
  { readonly kind: Kind }
>;
