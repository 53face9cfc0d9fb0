import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, repository, run } from './run-nx.ts';

/*
 * The project graph of this repository, in which the plugin runs from its own folder (design 10 §11.2).
 */

interface Graph {
  readonly nodes: Readonly<
    Record<string, { readonly data: { readonly root: string; readonly tags?: readonly string[] } }>
  >;
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string; readonly type: string }[]>>;
}

let folder: string;
let graph: Graph;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nx-dms-graph-'));
  const file = path.join(folder, 'graph.json');
  const nx = path.join(repository, 'node_modules/nx/dist/bin/nx.js');
  const environment = cleanEnvironment({ NX_CACHE_DIRECTORY: path.join(folder, 'cache') });
  const { exitCode, output } = await run(process.execPath, [nx, 'graph', `--file=${file}`], repository, environment);
  expect(exitCode, output).toBe(0);
  graph = JSON.parse(readFileSync(file, 'utf8')).graph;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const targets = (project: string) => (graph.dependencies[project] ?? []).map(({ target }) => target);

test('the fixtures are projects, and each mapping set depends on its schemas', () => {
  const tagged = (tag: string) =>
    Object.keys(graph.nodes)
      .filter((name) => graph.nodes[name]?.data.tags?.includes(tag))
      .sort();
  expect(tagged('dms:schema')).toEqual(['athletics', 'campus', 'district', 'standard', 'transport']);
  expect(tagged('dms:mapping-set')).toEqual(['core', 'dms', 'dms-v2', 'dms-v2-natural']);
  expect(targets('dms').sort()).toEqual(['athletics', 'campus']);
  for (const name of ['dms-v2', 'dms-v2-natural']) expect(targets(name).sort()).toEqual(['district', 'transport']);
  expect(targets('core')).toEqual(['campus']);
});

test('no ApiSchema file of an excluded folder is a project', () => {
  const roots = Object.values(graph.nodes).map(({ data }) => data.root);
  const packages = roots.filter((root) => existsSync(path.join(repository, root, 'package.json')));
  const folders = ['golden', ...packages.map((root) => `${root}/`)];
  expect(roots.filter((root) => folders.some((folder) => root.startsWith(folder)))).toEqual([]);
});

test('a package depends on what its package.json declares', () => {
  for (const [name, { data }] of Object.entries(graph.nodes)) {
    if (!/^(?:libs|plugins)\//.test(data.root)) continue;
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(path.join(repository, data.root, 'package.json'), 'utf8'),
    );
    const declared = Object.keys({ ...dependencies, ...devDependencies });
    expect(targets(name).filter((target) => target in graph.nodes && !declared.includes(target))).toEqual([]);
  }
  expect(targets('nx-dms')).toContain('@dms/operations');
});
