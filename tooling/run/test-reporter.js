import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @import { Reporter, SerializedError, TestModule } from 'vitest/node' */

// A message longer than this is a dump, and would push the other failures off the screen.
const LINES_OF_AN_ERROR = 12;

/** @param {SerializedError} error */
function textOf(error) {
  const text = error.stack?.includes(error.message) ? error.stack : error.message;
  const ours = text.split('\n').filter((line) => !line.includes('node_modules'));
  return ours.slice(0, LINES_OF_AN_ERROR).join('\n  ');
}

/**
 * @param {string} place
 * @param {readonly SerializedError[]} errors
 */
const failure = (place, errors) => [`failed: ${place}`, ...errors.map(textOf)].join('\n  ');

/** @param {TestModule} module */
function* failuresIn(module) {
  const file = relative(process.cwd(), module.moduleId);
  // The hooks of a suite fail no test of it, nor do the first lines of a file.
  for (const suite of [module, ...module.children.allSuites()]) {
    const place = suite.type === 'suite' ? `${file} > ${suite.fullName}` : file;
    if (suite.errors().length > 0) yield failure(place, suite.errors());
  }
  for (const test of module.children.allTests('failed')) {
    yield failure(`${file} > ${test.fullName}`, test.result().errors ?? []);
  }
}

/** @typedef {{ type?: string, VITEST_TEST_PATH?: string, VITEST_TEST_NAME?: string }} Origin */

/** @param {SerializedError} error - of no test, as of a promise that nobody waits for */
function strayFailure(error) {
  const {
    type,
    VITEST_TEST_PATH: path = '',
    VITEST_TEST_NAME: test = '',
  } = /** @type {Origin} */ (error);
  return failure(`${relative(process.cwd(), path)} > ${test} (${type ?? 'stray error'})`, [error]);
}

/**
 * Vitest's own report for programs leaves out what fails a run without failing a test, so this one
 * counts and names all of it: `{ passed, skipped, failures }` in the file SEMA_TEST_REPORT.
 *
 * @implements {Reporter}
 */
export default class TestReporter {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly SerializedError[]} strays
   */
  onTestRunEnd(modules, strays) {
    const path = process.env['SEMA_TEST_REPORT'];
    if (path === undefined) throw new Error('SEMA_TEST_REPORT names no file');
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    /** @param {string} state */
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    const failures = [...modules.flatMap((module) => [...failuresIn(module)])];
    failures.push(...strays.map(strayFailure));
    const report = { passed: count('passed'), skipped: count('skipped'), failures };
    writeFileSync(path, JSON.stringify(report));
  }
}
