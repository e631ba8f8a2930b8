export type { RegisterLayout } from './openqasm/declarations.ts';
export { OPENQASM_LIMITS } from './openqasm/limits.ts';
export { OpenQasmError, type OpenQasmErrorCode } from './openqasm/refusal.ts';
export { type OpenQasmProgram, readOpenQasm, type ReadOptions } from './openqasm/read.ts';
export { writeOpenQasm, type WriteOptions } from './openqasm/write.ts';
