import { formatDiagnostic } from '@dms/diagnostics';
import { expect, test } from 'vitest';
import { findSchemaProject, lookupAmong, resolveSchemas, type SchemaProjectFolder } from './schema-entries.ts';

const file = 'sets/dms/dms.json';

const schemaProject = (name: string, root: string, ...names: readonly string[]): SchemaProjectFolder => ({
  name,
  root,
  files: ['ApiSchema.json', ...names].map((each) => `${root}/${each}`),
});
const projects = [
  schemaProject('ed-fi', 'schemas/ed-fi'),
  schemaProject('renamed', 'schemas/tpdm'),
  schemaProject('here', 'sets/dms/inner'),
  schemaProject('two', 'schemas/two', 'other.ApiSchema.json'),
];

test.each([
  ['ed-fi', 'ed-fi'],
  ['renamed', 'renamed'],
  ['../../schemas/tpdm', 'renamed'],
  ['../../schemas/tpdm/', 'renamed'],
  ['schemas/tpdm', 'renamed'],
  ['./schemas/../schemas/tpdm', 'renamed'],
  ['inner', 'here'],
  ['tpdm', undefined],
  ['../../schemas/tpdm/ApiSchema.json', 'renamed'],
  ['schemas/tpdm/ApiSchema.json', 'renamed'],
  ['schemas/tpdm/Other.json', undefined],
  ['schemas/two', 'two'],
  ['schemas/two/ApiSchema.json', undefined],
  ['/schemas/tpdm', undefined],
])('the entry %s is the project %s', (entry, name) => {
  expect(findSchemaProject(entry, 'sets/dms', lookupAmong(projects))?.name).toBe(name);
});

const resolve = (entries: readonly string[], among = projects) => resolveSchemas(entries, file, lookupAmong(among));
const messages = (entries: readonly string[], among = projects) =>
  resolve(entries, among).diagnostics.map((entry) => formatDiagnostic(entry));

test('entries are resolved in the order written', () => {
  const { resolved, diagnostics } = resolve(['inner', '../../schemas/tpdm', 'ed-fi']);
  expect(resolved.map(({ name }) => name)).toEqual(['here', 'renamed', 'ed-fi']);
  expect(diagnostics).toEqual([]);
});

test('CONFIG_SCHEMA_UNKNOWN has the reason that the disk shows', () => {
  const reasonAt = (place: string) =>
    place === 'schemas/gone' ? { text: 'a folder without a file.', details: { link: 'x' } } : undefined;
  const { diagnostics } = resolveSchemas(['../../schemas/gone', 'nowhere'], file, lookupAmong(projects), {
    reasonAt,
    spellingOf: () => undefined,
  });
  expect(diagnostics.map(({ message, details }) => [message, details.link])).toEqual([
    ['/schemas/0 names "../../schemas/gone", a folder without a file.', 'x'],
    [expect.stringContaining('which is neither a schema project nor its folder'), undefined],
  ]);
});

test('CONFIG_SCHEMA_UNKNOWN names what another file of a folder stands for', () => {
  expect(messages(['schemas/tpdm/Other.json', '../../schemas/two/other.ApiSchema.json'])).toEqual([
    `error CONFIG_SCHEMA_UNKNOWN ${file}: /schemas/0 names "schemas/tpdm/Other.json", which is not the ApiSchema file of its folder; did you mean "../../schemas/tpdm"?`,
    `error CONFIG_SCHEMA_UNKNOWN ${file}: /schemas/1 names "../../schemas/two/other.ApiSchema.json", one of several ApiSchema files of its folder: ApiSchema.json, other.ApiSchema.json. Put each into a folder of its own, such as "../../schemas/two/other.ApiSchema", and name the folder.`,
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
  expect(messages(['../../schema/tpdm/ApiSchema.json', '../../schemas/tdpm'])).toEqual([
    `${unknown(0, '../../schema/tpdm/ApiSchema.json')}; did you mean "../../schemas/tpdm"?`,
    `${unknown(1, '../../schemas/tdpm')}; did you mean "../../schemas/tpdm"?`,
  ]);
  expect(messages(['something'])).toEqual([
    `${unknown(0, 'something')}. The schema projects are "ed-fi", "renamed", "here", "two".`,
  ]);
  expect(messages(['x'], [])).toEqual([`${unknown(0, 'x')}. There is no schema project in this workspace.`]);
  const twice = [schemaProject('schemas-ed-fi', 'schemas/ed-fi'), schemaProject('other-ed-fi', 'other/ed-fi')];
  expect(messages(['ed-fi'], twice)).toEqual([
    `${unknown(0, 'ed-fi')}. Several schema folders have that name; write one of "../../schemas/ed-fi", "../../other/ed-fi".`,
  ]);
});
