import { Code } from './wasm/code.ts';
import { ModuleBuilder } from './wasm/module.ts';
import { SIMD, TYPE } from './wasm/opcodes.ts';

/** Whether this engine runs 128-bit vectors, without which plain loops do the work. */
export function hasSimd(): boolean {
  return validates((code, x) => code.get(x, x).simd(SIMD.f64x2Mul).set(x));
}

/** Whether it runs fused multiply-add, whose rounding differs between machines. */
export function hasRelaxedSimd(): boolean {
  return validates((code, x) => code.get(x, x, x).simd(SIMD.f64x2RelaxedMadd).set(x));
}

function validates(write: (code: Code, x: number) => Code): boolean {
  if (typeof WebAssembly === 'undefined') return false;
  const code = new Code([]);
  write(code, code.local(TYPE.v128));
  const builder = new ModuleBuilder();
  builder.add(code);
  return WebAssembly.validate(builder.toBytes(false));
}
