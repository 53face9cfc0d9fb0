import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/* What `nx release` and the workflow of a release rely on. */

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const { stdout = '', status } = spawnSync('git', ['log', '--format=%s'], { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });

/** How Nx reads the type of a commit. */
const typed = /^(?<type>[^\s():!]+)(?:\s*\((?<scope>.+)\))?(?<breaking>!)?: (?<description>.+)$/u;

test.runIf(status === 0 && process.env.DMS_TEST_RELEASE)(
  'every commit has a type of nx.json or none, because the changelog leaves out all others (needs DMS_TEST_RELEASE)',
  () => {
    const { types } = JSON.parse(read('nx.json')).release.conventionalCommits;
    const found = stdout.split('\n').flatMap((subject) => typed.exec(subject)?.groups?.type ?? []);
    expect([...new Set(found)].filter((type) => !Object.hasOwn(types, type))).toEqual([]);
  },
);

test('the workflow publishes both packages after everything has passed, and the tutorial names their version', () => {
  const workflow = read('.github/workflows/release.yml');
  const { projects } = JSON.parse(read('nx.json')).release;
  expect(workflow).toContain('id-token: write');
  expect(workflow.indexOf('run: .ci/run')).toBeGreaterThan(0);
  expect(workflow.indexOf('npm publish --provenance')).toBeGreaterThan(workflow.indexOf('run: .ci/run'));
  for (const project of projects) expect(workflow).toContain(`--workspace ${project}`);
  for (const folder of ['libs/cli', 'plugins/nx-dms']) {
    expect(workflow).toContain(folder);
    expect(existsSync(path.join(root, folder, 'package.json'))).toBe(true);
  }
  const { version } = JSON.parse(read('libs/cli/package.json'));
  expect(read('docs/tutorial.md')).toContain(`npx dms-ddl --version\n\`\`\`\n\n\`\`\`text\n${version}\n`);
});
