import { readFileSync } from 'node:fs';
import type { InlineConfig, TestModule } from 'vitest/node';

/**
 * The reporters of a test run: the usual one, a line about skipped tests, a line about the specs that the run leaves
 * out, and, if `.ci/run` requests it, a file with the `name` of the report. `left` are the paths of the spec files that
 * `npm run test:rest` runs.
 */
export function reporters(name: string, left: readonly string[] = []): Extract<InlineConfig['reporters'], unknown[]> {
  const folder = process.env.DMS_TEST_REPORT;
  const leftTests = left.length > 0 ? [new LeftTests(left)] : [];
  const file: ['json', { outputFile: string }] = ['json', { outputFile: `${folder}/${name}.json` }];
  return ['default', new SkippedTests(), ...leftTests, ...(folder ? [file] : [])];
}

/**
 * Vitest reporter: one line at the end of a run that counts the skipped tests by reason. The reason is part of the name
 * of a test or of its suite, as in `(needs DMS_TEST_MSSQL_URL)`; a skipped test without a reason is listed by its name.
 */
export class SkippedTests {
  onTestRunEnd(modules: readonly TestModule[]) {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map(({ fullName }) => fullName),
    );
    if (skipped.length > 0) console.log(skippedLine(skipped));
  }
}

/** The line for skipped tests with these full names. */
export function skippedLine(names: readonly string[]): string {
  const counts = new Map<string, number>();
  const unreasoned: string[] = [];
  for (const name of names) {
    // a test may need more than its suite, and its name does not say which part is missing
    const reason = [...name.matchAll(/\(needs? ([^)]*)\)/g)].map(([, what]) => what).join(' or ');
    if (reason === '') unreasoned.push(name);
    else counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} without ${reason}`);
  if (unreasoned.length > 0) reasons.push(`${unreasoned.length} for no stated reason, such as "${unreasoned[0]}"`);
  return `Skipped tests: ${reasons.join('; ')}`;
}

/** Vitest reporter: one line at the end of a run about the tests that it leaves out, and how to run them. */
class LeftTests {
  readonly files: readonly string[];

  constructor(files: readonly string[]) {
    this.files = files;
  }

  onTestRunEnd() {
    console.log(leftLine(this.files.map((file) => readFileSync(file, 'utf8'))));
  }
}

/**
 * The line for spec files with these texts. Tests of a loop or a table are known only when they run, so each such group
 * counts as one test here.
 */
export function leftLine(texts: readonly string[]): string {
  const count = texts.reduce((sum, text) => sum + (text.match(/^ *(?:it|test)(?:\.\w+)*\(/gm)?.length ?? 0), 0);
  return `Left for \`npm run test:rest\`: ${texts.length} files with ${count} tests or more, which take long (*.long.spec.ts).`;
}
