import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { missingBeforePublishing, publishedPackages } from '../tools/release/publishable.ts';

/* Facts that `nx release` and the release workflow rely on. */

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
  for (const folder of publishedPackages) {
    expect(workflow).toContain(folder);
    expect(existsSync(path.join(root, folder, 'package.json'))).toBe(true);
  }
  const { version } = JSON.parse(read('libs/product/cli/package.json'));
  expect(read('docs/tutorial.md')).toContain(`npx dms-ddl --version\n\`\`\`\n\n\`\`\`text\n${version}\n`);
});

test('a package is published only with a repository, which the release page asks for', () => {
  const workflow = read('.github/workflows/release.yml');
  expect(workflow.indexOf('tools/release/publishable.ts')).toBeGreaterThan(0);
  expect(workflow.indexOf('npm publish')).toBeGreaterThan(workflow.indexOf('tools/release/publishable.ts'));
  const missingIn = (repository?: object) => missingBeforePublishing('plugins/a', JSON.stringify({ repository }));
  const whole = { type: 'git', url: 'git+https://git.ourplace.org/dms/dms.git', directory: 'plugins/a' };
  expect(missingIn(whole)).toEqual([]);
  expect(missingIn()).toEqual([
    'plugins/a/package.json: repository.type must be git',
    'plugins/a/package.json: repository.url must be git+https://<host>/<path>.git',
    'plugins/a/package.json: repository.directory must be plugins/a',
  ]);
  for (const [member, value] of [
    ['url', 'https://git.ourplace.org/dms/dms.git'],
    ['url', 'git+https://'],
    ['directory', 'plugins/b'],
  ])
    expect(missingIn({ ...whole, [member as string]: value })).toEqual([
      expect.stringContaining(`repository.${member} must be`),
    ]);
  // no placeholder address stands for the repository
  for (const folder of publishedPackages) expect(read(`${folder}/package.json`)).not.toMatch(/\bexample\b/);
  expect(read('docs/release.md')).toContain('"url": "git+https://<host>/<path>.git"');
});

test('the jobs for a change run every part of .ci/run, and all shards of the slow specs', () => {
  const [, listed = ''] = /^ +part: \[(.*)\]$/m.exec(read('.github/workflows/ci.yml')) ?? [];
  const parts = listed.split(', ');
  const shards = parts.flatMap((part) => /^rest (\d+)\/(\d+)$/.exec(part)?.slice(1).map(Number) ?? []);
  const count = shards.length / 2;
  expect(count).toBeGreaterThan(1);
  expect(shards).toEqual(Array.from({ length: count }, (_, i) => [i + 1, count]).flat());
  const named = [...new Set(parts.map((part) => part.replace(/ .*/, '')))];
  const [, all = ''] = /^all \| (.*)\) ;;$/m.exec(read('.ci/run')) ?? [];
  // the same specs run in the job that has Node 22
  expect([...named, 'node22'].sort()).toEqual(all.split(' | ').sort());
  expect(read('.github/workflows/ci.yml')).toMatch(/^ +node: \[.*\b22\b.*\]$/m);
});
