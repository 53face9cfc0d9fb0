import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { ProjectConfiguration } from 'nx/src/devkit-exports';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../../test/temporary-workspace.ts';
import { describeMappingSets, inferDependencies } from './project-graph.ts';

const schema = (root: string): ProjectConfiguration => ({
  root,
  tags: ['dms:schema'],
  targets: { 'normalize-schema': { executor: 'nx-dms:normalize-schema', options: { source: 's', output: 'o' } } },
});
const mappingSet = (root: string, description = 'Mapping set'): ProjectConfiguration => ({
  root,
  tags: ['dms:mapping-set'],
  metadata: { description },
});

async function edges(files: Readonly<Record<string, unknown>>, projects: Record<string, ProjectConfiguration>) {
  const found = await inferDependencies({ projects, workspaceRoot: temporaryWorkspace(files) });
  return found.map(({ source, target, type }) => `${source} ${type} ${target}`);
}

test('a mapping set depends on its schema projects, once on each, and on no file', async () => {
  const projects = { edfi: schema('schemas/ed-fi'), tpdm: schema('schemas/tpdm'), dms: mappingSet('sets/dms') };
  const schemas = ['../../schemas/ed-fi', 'tpdm', 'edfi', 'schemas/tpdm', 'nothing'];
  expect(await edges({ 'sets/dms/dms.json': { schemas } }, projects)).toEqual([
    'dms implicit edfi',
    'dms implicit tpdm',
  ]);
});

test('a dms.json that is broken or gone gives no edge, and stops nothing', async () => {
  const projects = { a: schema('a'), broken: mappingSet('broken'), gone: mappingSet('gone'), good: mappingSet('good') };
  const files = { 'broken/dms.json': '{', 'good/dms.json': { schemas: ['a'], dialectz: 1 } };
  expect(await edges(files, projects)).toEqual(['good implicit a']);
});

test.skipIf(process.platform === 'win32')(
  'a dms.json that is a named pipe gives no edge, and is not waited for',
  () => {
    const workspaceRoot = temporaryWorkspace({ 'piped/other.json': {} });
    execFileSync('mkfifo', [path.join(workspaceRoot, 'piped/dms.json')]);
    expect(inferDependencies({ projects: { piped: mappingSet('piped') }, workspaceRoot })).toEqual([]);
  },
);

test('no project depends on itself', async () => {
  const both = { ...schema('x'), tags: ['dms:mapping-set', 'dms:schema'] };
  expect(await edges({ 'x/dms.json': { schemas: ['.'] } }, { x: both })).toEqual([]);
});

test('a mapping set is described by its schemas', () => {
  const node = (name: string, data: ProjectConfiguration) => ({ name, type: 'lib' as const, data });
  const nodes = {
    b: node('b', schema('b')),
    a: node('a', schema('a')),
    lib: node('lib', { root: 'lib' }),
    dms: node('dms', mappingSet('dms')),
    bad: node('bad', mappingSet('bad', 'error CONFIG_INVALID')),
    alone: node('alone', mappingSet('alone')),
  };
  const on = (source: string, ...targets: string[]) => targets.map((target) => ({ source, target, type: 'implicit' }));
  const dependencies = { dms: on('dms', 'b', 'lib', 'a', 'b'), bad: on('bad', 'a') };
  expect(describeMappingSets({ nodes, dependencies })).toEqual({
    dms: { metadata: { description: 'Mapping set of a + b' } },
    alone: { metadata: { description: 'Mapping set' } },
  });
});
