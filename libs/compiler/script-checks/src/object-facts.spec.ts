import { mappingVersions } from '@dms/api-schema';
import type { Catalog, CatalogColumn, CatalogTable, Routine } from '@dms/catalog';
import { modelIndex, mustExist } from '@dms/model';
import { dialects } from '@dms/sql';
import { withSchool } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputOfDocuments, ownInput } from '../test/inputs.ts';
import type { CheckedScript } from './checked-script.ts';
import { wrongFacts } from './object-facts.ts';
import { staticFindings } from './static-findings.ts';

/* S21: facts that a script and its catalog share, and that no row shows. */

type WrongFact = readonly [what: string, change: (catalog: Catalog) => Catalog | null];

/** Changes the first table that `isMeant`; null if there is none. */
const inTable =
  (isMeant: (table: CatalogTable) => boolean, change: (table: CatalogTable) => CatalogTable) =>
  (catalog: Catalog): Catalog | null => {
    const table = catalog.tables.find(isMeant);
    if (!table) return null;
    return { ...catalog, tables: catalog.tables.map((each) => (each === table ? change(each) : each)) };
  };

/** Changes the first column that `isMeant`. */
const inColumn = (isMeant: (column: CatalogColumn, table: CatalogTable) => boolean, change: Partial<CatalogColumn>) =>
  inTable(
    (table) => table.columns.some((column) => isMeant(column, table)),
    (table) => {
      const column = mustExist(
        table.columns.find((each) => isMeant(each, table)),
        'the column',
      );
      return { ...table, columns: table.columns.with(table.columns.indexOf(column), { ...column, ...change }) };
    },
  );

const ofType = (pattern: RegExp) => (column: CatalogColumn, table: CatalogTable) =>
  table.schema !== 'dms' && column.generated === null && column.default === null && pattern.test(column.type);

const inRoutine =
  (isMeant: (routine: Routine) => boolean, change: Partial<Routine>) =>
  (catalog: Catalog): Catalog | null => {
    const routine = catalog.functions.find(isMeant);
    if (!routine) return null;
    return {
      ...catalog,
      functions: catalog.functions.map((each) => (each === routine ? { ...each, ...change } : each)),
    };
  };

const isTrigger = ({ result, owner }: Routine) => result === 'trigger' && owner === null;
const isOwned = ({ owner }: Routine) => owner !== null;
const named = (name: string) => (routine: Routine) => routine.name === name;

const inKey = (
  isMeant: (key: CatalogTable['foreignKeys'][number]) => boolean,
  deferrable: CatalogTable['foreignKeys'][number]['deferrable'],
) =>
  inTable(
    ({ foreignKeys }) => foreignKeys.some(isMeant),
    (table) => {
      const key = mustExist(table.foreignKeys.find(isMeant), 'the key');
      return { ...table, foreignKeys: table.foreignKeys.with(table.foreignKeys.indexOf(key), { ...key, deferrable }) };
    },
  );

const isUriIndex = ({ name }: { readonly name: string }) => name === 'UX_Descriptor_UriLowered_ResourceKeyId';

const inUriIndex = (change: Partial<CatalogTable['indexes'][number]>) =>
  inTable(
    ({ indexes }) => indexes.some(isUriIndex),
    (table) => ({
      ...table,
      indexes: table.indexes.map((index) => (isUriIndex(index) ? { ...index, ...change } : index)),
    }),
  );

const onlyAt = (name: string) => (table: CatalogTable) => `${table.schema}.${table.name}` === name;

const mistakes: readonly WrongFact[] = [
  ['a default of a boolean', inColumn(ofType(/^(?:boolean|bit)$/), { default: 'FALSE' })],
  ['a default of a text', inColumn(ofType(/char/), { default: "''" })],
  ['a default of a number', inColumn(ofType(/^(?:integer|int)$/), { default: '0' })],
  ['a default of a date', inColumn(ofType(/^date$/), { default: "'2024-01-01'" })],
  ['a default of a decimal', inColumn(ofType(/^(?:numeric|decimal)/), { default: '0' })],
  ['a default of the id of a document', inColumn(ofType(/^bigint$/), { default: '1' })],
  ...['ContentVersion', 'IdentityVersion', 'ContentLastModifiedAt', 'CreatedAt'].flatMap((name): WrongFact[] => [
    [
      `${name} without its default`,
      inColumn((column, table) => onlyAt('dms.Document')(table) && column.name === name, { default: null }),
    ],
    [
      `${name} with another default`,
      inColumn((column, table) => onlyAt('dms.Document')(table) && column.name === name, { default: '1' }),
    ],
  ]),
  [
    'an item of a collection without a number of its own',
    inColumn(({ name }) => name === 'CollectionItemId', { default: null }),
  ],
  [
    'a mirror without a default',
    inColumn(({ name }, { schema }) => schema === 'edfi' && name === 'ContentVersion', { default: null }),
  ],
  [
    'a deletion without a time',
    inColumn(({ name }, { schema }) => schema.startsWith('tracked') && name === 'CreatedAt', { default: null }),
  ],
  ['an id that the writer may choose', inColumn(({ identity }) => identity !== null, { identity: 'byDefault' })],
  ['an id that the database chooses', inColumn(ofType(/^bigint$/), { identity: 'always' })],
  ['a collation', inColumn(ofType(/char/), { collation: 'loose' })],
  [
    'a text of an identity that letter case tells apart',
    inColumn(({ collation }) => /_CI_AS$/.test(collation ?? ''), { collation: null }),
  ],
  ['URIs of descriptors that letter case tells apart', inUriIndex({ columns: ['Uri', 'ResourceKeyId'] })],
  ['two descriptors with one URI', inUriIndex({ unique: false })],
  [
    'descriptors without an index of their URIs',
    inTable(
      ({ indexes }) => indexes.some(isUriIndex),
      (table) => ({ ...table, indexes: table.indexes.filter((index) => !isUriIndex(index)) }),
    ),
  ],
  ['a key of the core that is deferred', inKey(({ target }) => target.table === 'Document', true)],
  [
    'a key of a descriptor that may be deferred',
    inKey(({ target }) => target.table === 'Descriptor', 'InitiallyImmediate'),
  ],
  [
    'a key that does not cascade and is deferred',
    inKey(
      ({ onUpdate, columns, target }) =>
        onUpdate === 'NO ACTION' && columns.length > 1 && target.schema !== 'dms' && !/Identity$/.test(target.table),
      true,
    ),
  ],
  [
    'a key whose rows are not checked',
    inTable(
      ({ foreignKeys }) => foreignKeys.length > 0,
      (table) => ({ ...table, foreignKeys: table.foreignKeys.map((key) => ({ ...key, validated: false })) }),
    ),
  ],
  [
    'a unique constraint that is deferred',
    inTable(
      ({ uniques }) => uniques.length > 0,
      (table) => ({
        ...table,
        uniques: table.uniques.map((key) => ({ ...key, options: ['DEFERRABLE INITIALLY DEFERRED'] })),
      }),
    ),
  ],
  [
    'an unlogged table',
    inTable(
      ({ schema }) => schema !== 'dms',
      (table) => ({ ...table, storage: 'unlogged' }),
    ),
  ],
  [
    'row level security',
    inTable(
      ({ schema }) => schema !== 'dms',
      (table) => ({ ...table, options: ['ROW LEVEL SECURITY'] }),
    ),
  ],
  [
    'an index that is not valid',
    inTable(
      ({ indexes }) => indexes.length > 0,
      (table) => ({ ...table, indexes: table.indexes.map((index) => ({ ...index, valid: false })) }),
    ),
  ],
  [
    'an index of some rows',
    inTable(
      ({ indexes }) => indexes.length > 0,
      (table) => ({ ...table, indexes: table.indexes.map((index) => ({ ...index, predicate: 'TRUE' })) }),
    ),
  ],
  [
    'a trigger that is off',
    inTable(
      ({ triggers }) => triggers.length > 0,
      (table) => ({ ...table, triggers: table.triggers.map((trigger) => ({ ...trigger, enabled: false })) }),
    ),
  ],
  [
    'a trigger with a condition',
    inTable(
      ({ triggers }) => triggers.length > 0,
      (table) => ({ ...table, triggers: table.triggers.map((trigger) => ({ ...trigger, when: 'TRUE' })) }),
    ),
  ],
  ...(['stable', 'immutable'] as const).flatMap((volatility): WrongFact[] => [
    [`a trigger function that is ${volatility}`, inRoutine(isTrigger, { volatility })],
    [`the greatest version, ${volatility}`, inRoutine(named('GetMaxChangeVersion'), { volatility })],
    [`an error, ${volatility}`, inRoutine(named('throw_error'), { volatility })],
  ]),
  ['a hash that is volatile', inRoutine(named('uuidv5'), { volatility: 'volatile' })],
  ['a hash of nothing', inRoutine(named('uuidv5'), { strict: false })],
  ['a trigger function that is strict', inRoutine(isTrigger, { strict: true })],
  ['a trigger function with the rights of its owner', inRoutine(isTrigger, { securityDefiner: true })],
  ['a trigger function with a setting', inRoutine(isTrigger, { settings: ['enable_seqscan=off'] })],
  ['a trigger function that nobody may call', inRoutine(isTrigger, { publicExecute: false })],
  ['a function that may run in parallel', inRoutine(isTrigger, { options: ['PARALLEL SAFE'] })],
  ['the greatest version, which nobody may ask for', inRoutine(named('GetMaxChangeVersion'), { publicExecute: false })],
  ['the queue, with the rights of the session', inRoutine(isOwned, { securityDefiner: false })],
  ['the queue, with names of the session', inRoutine(isOwned, { settings: [] })],
  ['the queue, of the one who provisions', inRoutine(isOwned, { owner: null })],
  ['the queue, for everybody', inRoutine(isOwned, { publicExecute: true })],
  [
    'a role that may log in',
    (catalog) =>
      catalog.roles.length === 0
        ? null
        : { ...catalog, roles: catalog.roles.map((role) => ({ ...role, attributes: ['LOGIN'] })) },
  ],
  [
    'a role with the rights of another',
    (catalog) =>
      catalog.roles.length === 0
        ? null
        : { ...catalog, roles: catalog.roles.map((role) => ({ ...role, memberOf: ['other'] })) },
  ],
  ...[0, 1, 2, 3, 4].flatMap((index): WrongFact[] => [
    [
      `a right that is missing, ${index}`,
      (catalog) => (catalog.grants[index] ? { ...catalog, grants: catalog.grants.toSpliced(index, 1) } : null),
    ],
    [
      `a right too many, ${index}`,
      (catalog) => {
        const grant = catalog.grants[index];
        return grant
          ? {
              ...catalog,
              grants: catalog.grants.with(index, { ...grant, privileges: [...grant.privileges, 'TRUNCATE'] }),
            }
          : null;
      },
    ],
  ]),
  ...[
    { increment: '2' },
    { cycle: true },
    { type: 'integer' },
    { start: '0' },
    { max: '9' },
    { options: ['CACHE 20'] },
  ].map(
    (change): WrongFact => [
      `a sequence with ${JSON.stringify(change)}`,
      (catalog) => ({ ...catalog, sequences: catalog.sequences.map((sequence) => ({ ...sequence, ...change })) }),
    ],
  ),
];

const scripts = dialects.flatMap((dialect) => mappingVersions.map((version) => ({ dialect, version })));

describe.each(scripts)('facts in scripts for $dialect, $version', ({ dialect, version }) => {
  let input: CheckedScript;
  beforeAll(() => {
    input = ownInput(dialect, version);
  });

  it('are right in the correct script', () => {
    expect(wrongFacts(input, input.catalog)).toEqual([]);
  });

  it('are compared wherever a script is', () => {
    const [, change] = mustExist(mistakes[0], 'a mistake');
    const catalog = mustExist(change(input.catalog), 'the changed catalog');
    expect(staticFindings({ ...input, catalog, scriptSha256: null }).map(({ id }) => id)).toContain('S21');
  });

  it.each(mistakes)('%s is found, if there is such an object', (_, change) => {
    const catalog = change(input.catalog);
    if (catalog !== null) expect(wrongFacts(input, catalog)).not.toEqual([]);
  });
});

it('each mistake can be made in a script', () => {
  const catalogs = scripts.map(({ dialect, version }) => ownInput(dialect, version).catalog);
  const impossible = mistakes.filter(([, change]) => catalogs.every((catalog) => change(catalog) === null));
  expect(impossible.map(([what]) => what)).toEqual([]);
});

it.each(dialects)('texts of descriptors are texts of identities in a set whose keys are numbers, %s', (dialect) => {
  const input = inputOfDocuments([withSchool()], dialect, 'v2-natural');
  const columns = modelIndex(input.model).allTables.flatMap(({ table }) => table.columns);
  expect(columns.filter(({ identityText }) => identityText)).toEqual([]);
  expect(wrongFacts(input, input.catalog)).toEqual([]);
});
