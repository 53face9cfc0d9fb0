import { formatDiagnostic } from '@dms/diagnostics';
import { expect, test } from 'vitest';
import { findSchemaProject, resolveSchemas, type SchemaProject, schemaProjectsOf } from './schema-projects.ts';

const file = 'sets/dms/dms.json';

const schemaProject = (name: string, root: string): SchemaProject => ({
  name,
  root,
  source: `${root}/ApiSchema.json`,
  output: `dist/${root}/schema.normalized.json`,
  target: 'normalize-schema',
});
const projects = [
  schemaProject('ed-fi', 'schemas/ed-fi'),
  schemaProject('renamed', 'schemas/tpdm'),
  schemaProject('here', 'sets/dms/inner'),
];

test('schema projects are known by their target, whatever their name and its prefix', () => {
  const options = { source: 's', output: 'o' };
  const executor = 'nx-dms:normalize-schema';
  const found = schemaProjectsOf({
    b: { root: 'x', targets: { 'dms-normalize-schema': { executor, options } } },
    a: { root: 'y', targets: { 'normalize-schema': { executor, options } } },
    c: { root: 'z', targets: { 'normalize-schema': { executor: 'other:normalize-schema', options } } },
    d: { root: 'w' },
  });
  expect(found).toEqual([
    { name: 'a', root: 'y', source: 's', output: 'o', target: 'normalize-schema' },
    { name: 'b', root: 'x', source: 's', output: 'o', target: 'dms-normalize-schema' },
  ]);
});

test.each([
  ['ed-fi', 'ed-fi'],
  ['renamed', 'renamed'],
  ['../../schemas/tpdm', 'renamed'],
  ['../../schemas/tpdm/', 'renamed'],
  ['schemas/tpdm', 'renamed'],
  ['./schemas/../schemas/tpdm', 'renamed'],
  ['inner', 'here'],
  ['tpdm', undefined],
  ['/schemas/tpdm', undefined],
])('the entry %s is the project %s', (entry, name) => {
  expect(findSchemaProject(entry, 'sets/dms', projects)?.name).toBe(name);
});

const resolve = (entries: readonly string[], among = projects) => resolveSchemas(entries, file, among);
const messages = (entries: readonly string[], among = projects) =>
  resolve(entries, among).diagnostics.map((entry) => formatDiagnostic(entry));

test('entries are resolved in the order written', () => {
  const { resolved, diagnostics } = resolve(['inner', '../../schemas/tpdm', 'ed-fi']);
  expect(resolved.map(({ name }) => name)).toEqual(['here', 'renamed', 'ed-fi']);
  expect(diagnostics).toEqual([]);
});

test('CONFIG_SCHEMA_UNKNOWN names the link that has replaced the file, which Nx has not seen', () => {
  const linkTo = (folder: string) => (folder === 'schemas/gone' ? 'schemas/gone/ApiSchema.json' : undefined);
  const { diagnostics } = resolveSchemas(['../../schemas/gone', 'nowhere'], file, projects, {
    linkTo,
    spellingOf: () => undefined,
  });
  expect(diagnostics.map(({ message, details }) => [message, details.link])).toEqual([
    [
      '/schemas/0 names "../../schemas/gone", whose file Nx does not see: schemas/gone/ApiSchema.json is a symbolic link. If it has replaced a file, run: npx nx reset',
      'schemas/gone/ApiSchema.json',
    ],
    [expect.stringContaining('which is neither a schema project nor its folder'), undefined],
  ]);
});

test('CONFIG_SCHEMA_DUPLICATE names both entries', () => {
  expect(messages(['../../schemas/ed-fi', 'inner', 'ed-fi'])).toEqual([
    `error CONFIG_SCHEMA_DUPLICATE ${file}: /schemas/0 and /schemas/2 both name the schema project ed-fi; remove one of them.`,
  ]);
});

test('CONFIG_SCHEMA_UNKNOWN says what may be meant', () => {
  const unknown = (index: number, entry: string) =>
    `error CONFIG_SCHEMA_UNKNOWN ${file}: /schemas/${index} names "${entry}", which is neither a schema project nor its folder`;
  expect(messages(['ed-fi', 'ed-fy'])).toEqual([`${unknown(1, 'ed-fy')}; did you mean "ed-fi"?`]);
  expect(messages(['tpdm'])).toEqual([`${unknown(0, 'tpdm')}; did you mean "../../schemas/tpdm"?`]);
  expect(messages(['../schemas/tpdm'])).toEqual([
    `${unknown(0, '../schemas/tpdm')}; did you mean "../../schemas/tpdm"?`,
  ]);
  expect(messages(['something'])).toEqual([
    `${unknown(0, 'something')}. The schema projects are "ed-fi", "renamed", "here".`,
  ]);
  expect(messages(['x'], [])).toEqual([`${unknown(0, 'x')}. There is no schema project in this workspace.`]);
  const twice = [schemaProject('schemas-ed-fi', 'schemas/ed-fi'), schemaProject('other-ed-fi', 'other/ed-fi')];
  expect(messages(['ed-fi'], twice)).toEqual([
    `${unknown(0, 'ed-fi')}. Several schema folders have that name; write one of "../../schemas/ed-fi", "../../other/ed-fi".`,
  ]);
});
