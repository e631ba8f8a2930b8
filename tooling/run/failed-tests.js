import { readFileSync } from 'node:fs';

// A message longer than this is a dump, and would push the other failures off the screen.
const LINES_OF_A_MESSAGE = 12;

/** @param {string} text */
const shortened = (text) => text.split('\n').slice(0, LINES_OF_A_MESSAGE).join('\n  ');

// node failed-tests.js REPORT: names what failed in vitest's report for programs, and why.
const [path = ''] = process.argv.slice(2);
/**
 * What is read of the report.
 *
 * @type {{ testResults: {
 *   status: string, name: string, message: string,
 *   assertionResults: { status: string, fullName: string, failureMessages: string[] }[]
 * }[] }}
 */
const report = JSON.parse(readFileSync(path, 'utf8'));
for (const file of report.testResults) {
  if (file.status === 'passed') continue;
  console.log(`failed: ${file.name}`);
  if (file.message !== '') console.log(`  ${shortened(file.message)}`);
  for (const test of file.assertionResults) {
    if (test.status !== 'failed') continue;
    console.log(`  ${test.fullName}\n  ${shortened(test.failureMessages.join('\n'))}`);
  }
}
