import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/* What `nx release` and the workflow of a release rely on. */

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

test('the changelog begins with what is not released, and every section has the same kinds of changes', () => {
  const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
  expect(sections[0]).toMatch(/^Unreleased\n/);
  for (const section of sections.slice(1)) expect(section).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)\n/);
  const kinds = ['Added', 'Changed', 'Fixed', 'Broken'];
  for (const section of sections) {
    const used = [...section.matchAll(/^### (.*)$/gm)].map(([, kind = '']) => kind);
    expect(used).toEqual(kinds.filter((kind) => used.includes(kind)));
    expect(section.match(/^### .*\n(?!\n- )/gm)).toBeNull();
  }
});

test('the workflow publishes both packages after everything has passed, and the tutorial names their version', () => {
  const workflow = read('.github/workflows/release.yml');
  const { projects } = JSON.parse(read('nx.json')).release;
  expect(workflow).toContain('id-token: write');
  expect(workflow.indexOf('run: .ci/run')).toBeGreaterThan(0);
  expect(workflow.indexOf('npm publish --provenance')).toBeGreaterThan(workflow.indexOf('run: .ci/run'));
  for (const project of projects) expect(workflow).toContain(`--workspace ${project}`);
  for (const folder of ['libs/product/cli', 'plugins/nx-dms']) {
    expect(workflow).toContain(folder);
    expect(existsSync(path.join(root, folder, 'package.json'))).toBe(true);
  }
  const { version } = JSON.parse(read('libs/product/cli/package.json'));
  expect(read('docs/tutorial.md')).toContain(`npx dms-ddl --version\n\`\`\`\n\n\`\`\`text\n${version}\n`);
});
