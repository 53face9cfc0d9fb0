/** The reporters of a test run: the usual one, a line about skipped tests, and a file for `.ci/run` where it asks for one. */
export function reporters(/** @type {string} */ name) {
  const folder = process.env.DMS_TEST_REPORT;
  const file = /** @type {const} */ (['json', { outputFile: `${folder}/${name}.json` }]);
  return ['default', new SkippedTests(), ...(folder ? [file] : [])];
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
