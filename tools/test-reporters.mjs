import { readFileSync } from 'node:fs';

/**
 * The reporters of a test run: the usual one, a line about skipped tests, one about the specs that the run leaves, and a file for
 * `.ci/run` where it asks for one.
 *
 * @param {string} name of the report
 * @param {readonly string[]} left paths of spec files that `npm run test:rest` runs
 */
export function reporters(name, left = []) {
  const folder = process.env.DMS_TEST_REPORT;
  const file = /** @type {const} */ (['json', { outputFile: `${folder}/${name}.json` }]);
  return ['default', new SkippedTests(), ...(left.length > 0 ? [new LeftTests(left)] : []), ...(folder ? [file] : [])];
}

/**
 * Vitest reporter: one line at the end of a run that counts the skipped tests by reason. The reason stands in the name of a test, or of
 * the suite around it, as in `(needs DMS_TEST_MSSQL_URL)`; a skipped test without a reason is listed by its name.
 */
export class SkippedTests {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')].map(({ fullName }) => fullName));
    if (skipped.length > 0) console.log(skippedLine(skipped));
  }
}

/**
 * @param {readonly string[]} names full names of skipped tests
 * @returns {string}
 */
export function skippedLine(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const unreasoned = [];
  for (const name of names) {
    // a test may need more than its suite, and the name does not say which of them is missing
    const reason = [...name.matchAll(/\(needs? ([^)]*)\)/g)].map(([, what]) => what).join(' or ');
    if (reason === '') unreasoned.push(name);
    else counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} without ${reason}`);
  if (unreasoned.length > 0) reasons.push(`${unreasoned.length} for no stated reason, such as "${unreasoned[0]}"`);
  return `Skipped tests: ${reasons.join('; ')}`;
}

/** Vitest reporter: one line at the end of a run that says what it leaves, and how to run that. */
class LeftTests {
  /** @param {readonly string[]} files */
  constructor(files) {
    this.files = files;
  }

  onTestRunEnd() {
    console.log(leftLine(this.files.map((file) => readFileSync(file, 'utf8'))));
  }
}

/**
 * The tests of a loop, or of a table, are only known when they run, so each counts as one here.
 *
 * @param {readonly string[]} texts of spec files
 * @returns {string}
 */
export function leftLine(texts) {
  const count = texts.reduce((sum, text) => sum + (text.match(/^ *(?:it|test)(?:\.\w+)*\(/gm)?.length ?? 0), 0);
  return `Left for \`npm run test:rest\`: ${texts.length} files with ${count} tests or more, which take long (*.long.spec.ts).`;
}
