import { dialects } from '@dms/sql';
import { transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { Catalog, CatalogTable } from '../catalog.ts';
import { diffCatalogs } from './diff-catalogs.ts';
import { type CatalogDifference, diffText, warningLines } from './difference.ts';

const { catalogOf } = transitSet;

/* Comparisons of two catalogs, without a database (design 09a §2). */

const catalogs = dialects.map((dialect) => ({ dialect, catalog: catalogOf(dialect) }));

type CatalogJson = string | number | boolean | null | CatalogJson[] | { [name: string]: CatalogJson };

/** Another value of the same kind. */
function other(value: CatalogJson): CatalogJson {
  if (value === null) return 'other';
  if (typeof value === 'string') return `${value}_other`;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return [...value, 'other'];
  return Object.fromEntries(
    Object.entries(value).map(([name, member], index) => [name, index === 0 ? other(member) : member]),
  );
}

const copy = (catalog: Catalog) =>
  structuredClone(catalog) as unknown as { [name: string]: CatalogJson } & Record<string, never>;

/** Objects of a catalog with their compared members; each member by its place. */
function fieldPlaces(catalog: Catalog): { place: (string | number)[]; path: string[]; field: string }[] {
  const places: { place: (string | number)[]; path: string[]; field: string }[] = [];
  const add = (entry: object, place: (string | number)[], path: string[], identity: readonly string[]) => {
    for (const [field, value] of Object.entries(entry)) {
      // a body that is unknown in the expected catalog is not compared
      const isUnknown = field === 'body' && value === null;
      if (!identity.includes(field) && !isUnknown) places.push({ place: [...place, field], path, field });
    }
  };
  for (const [index, entry] of catalog.sequences.entries()) {
    add(entry, ['sequences', index], [`${entry.schema}.${entry.name}`], ['schema', 'name']);
  }
  for (const [index, entry] of catalog.functions.entries()) {
    const path = [`${entry.schema}.${entry.name}(${entry.arguments})`];
    add(entry, ['functions', index], path, ['schema', 'name', 'arguments']);
  }
  const lists = ['columns', 'uniques', 'foreignKeys', 'checks', 'indexes', 'triggers'] as const;
  for (const [index, table] of catalog.tables.entries()) {
    const key = `${table.schema}.${table.name}`;
    places.push({ place: ['tables', index, 'storage'], path: [key], field: 'storage' });
    if (table.primaryKey)
      add(table.primaryKey, ['tables', index, 'primaryKey'], [key, table.primaryKey.name], ['name']);
    for (const list of lists) {
      for (const [at, entry] of table[list].entries())
        add(entry, ['tables', index, list, at], [key, entry.name], ['name']);
    }
  }
  return places;
}

function changedAt(catalog: Catalog, place: readonly (string | number)[]): Catalog {
  const changed = copy(catalog) as unknown as Catalog;
  // biome-ignore lint/suspicious/noExplicitAny: any place of the data
  let owner = changed as any;
  for (const step of place.slice(0, -1)) owner = owner[step];
  const last = place.at(-1)!;
  owner[last] = other(owner[last]);
  return changed;
}

const brief = ({ object, path, change, field }: CatalogDifference) =>
  [change, object, ...path, ...(field === undefined ? [] : [field])].join(' ');

describe.each(catalogs)('catalogs of $dialect', ({ catalog }) => {
  it('do not differ from themselves', () => {
    expect(diffCatalogs(catalog, catalog)).toEqual({ differences: [], renames: [] });
    expect(diffCatalogs(catalog, copy(catalog) as unknown as Catalog)).toEqual({ differences: [], renames: [] });
  });

  it('show every field of every object that is another one, and nothing else', () => {
    const places = fieldPlaces(catalog);
    expect(places.length).toBeGreaterThan(200);
    for (const { place, path, field } of places) {
      const { differences } = diffCatalogs(catalog, changedAt(catalog, place));
      expect(
        differences.map((entry) => [entry.change, entry.path, entry.field]),
        place.join('.'),
      ).toEqual([['changed', path, field]]);
    }
  });

  it('show every object that is gone; the other way round it is extra', () => {
    const withoutPart = (list: 'columns' | 'uniques' | 'foreignKeys' | 'checks' | 'indexes' | 'triggers') =>
      catalog.tables.flatMap((table) =>
        table[list].map((part) => ({
          path: [`${table.schema}.${table.name}`, part.name],
          changed: {
            ...catalog,
            tables: catalog.tables.map((entry) =>
              entry === table
                ? { ...table, [list]: (table[list] as readonly unknown[]).filter((member) => member !== part) }
                : entry,
            ),
          } as Catalog,
        })),
      );
    const parts = (['columns', 'uniques', 'foreignKeys', 'checks', 'indexes', 'triggers'] as const).flatMap(
      withoutPart,
    );
    for (const { path, changed } of parts) {
      expect(diffCatalogs(catalog, changed).differences.map(({ change, path: found }) => [change, found])).toEqual([
        ['missing', path],
      ]);
      expect(diffCatalogs(changed, catalog).differences.map(({ change, path: found }) => [change, found])).toEqual([
        ['extra', path],
      ]);
    }
    for (const table of catalog.tables) {
      const changed = { ...catalog, tables: catalog.tables.filter((entry) => entry !== table) };
      const path = [`${table.schema}.${table.name}`];
      expect(
        diffCatalogs(catalog, changed).differences.map(({ change, object, path: found }) => [change, object, found]),
      ).toEqual([['missing', 'table', path]]);
    }
  });

  it('swap their sides: missing and extra, expected and actual', () => {
    const [first, second] = catalog.tables as readonly CatalogTable[];
    const changed: Catalog = {
      ...catalog,
      tables: catalog.tables
        .filter((table) => table !== first)
        .map((table) =>
          table === second ? { ...table, storage: 'unlogged', columns: [...table.columns].reverse() } : table,
        ),
    };
    const there = diffCatalogs(catalog, changed).differences;
    const back = diffCatalogs(changed, catalog).differences;
    const swapped = { missing: 'extra', extra: 'missing', changed: 'changed' } as const;
    expect(back.map(({ path, change, expected, actual }) => [path, change, expected, actual])).toEqual(
      there.map(({ path, change, expected, actual }) => [path, swapped[change], actual, expected]),
    );
    expect(there.map(brief)).toEqual([
      `missing table ${first?.schema}.${first?.name}`,
      `changed table ${second?.schema}.${second?.name} storage`,
      `changed columnOrder ${second?.schema}.${second?.name} order`,
    ]);
  });
});

const [{ catalog } = { catalog: catalogOf('pgsql') }] = catalogs;
const descriptor = catalog.tables.find(({ name }) => name === 'Descriptor')!;
const document = catalog.tables.find(({ name }) => name === 'Document')!;

const withTable = (table: CatalogTable, others: readonly CatalogTable[] = []): Catalog => ({
  ...catalog,
  tables: [...catalog.tables.map((entry) => (entry.name === 'Descriptor' ? table : entry)), ...others],
});

describe('hints', () => {
  it('score a table by its columns and its name', () => {
    const { renames } = diffCatalogs(catalog, withTable({ ...descriptor, name: 'Descriptors' }));
    // eight of eight columns in common; no word in common
    expect(renames).toEqual([
      { object: 'table', expected: ['dms.Descriptor'], actual: ['dms.Descriptors'], score: 0.8 },
    ]);
    const time = withTable({ ...descriptor, name: 'ClassPeriodMeetingTime' });
    // three of four words in common
    expect(diffCatalogs(time, withTable({ ...descriptor, name: 'ClassPeriodMeetingTimes' })).renames).toMatchObject([
      { expected: ['dms.ClassPeriodMeetingTime'], actual: ['dms.ClassPeriodMeetingTimes'], score: 0.95 },
    ]);
    const two = diffCatalogs(catalog, withTable({ ...descriptor, schema: 'elsewhere' })).renames;
    expect(two).toEqual([]);
  });

  it('take the best pair, and each side once', () => {
    const renamed = (name: string, dropped: number): CatalogTable => ({
      ...descriptor,
      name,
      columns: descriptor.columns.slice(dropped),
    });
    const { renames } = diffCatalogs(catalog, withTable(renamed('DescriptorNew', 0), [renamed('DescriptorOld', 1)]));
    // 0.8 + 0.2 · 2/3
    expect(renames).toEqual([
      { object: 'table', expected: ['dms.Descriptor'], actual: ['dms.DescriptorNew'], score: 0.93 },
    ]);
  });

  it('ask a column for its type, and prefer its place and name', () => {
    const renameTo = (name: string, type: string) => ({
      ...descriptor,
      columns: descriptor.columns.map((column) => (column.name === 'CodeValue' ? { ...column, name, type } : column)),
      uniques: [],
    });
    const score = (name: string, type: string) =>
      diffCatalogs(catalog, withTable(renameTo(name, type))).renames.map((entry) => entry.score);
    expect(score('ValueOfCode', 'varchar(50)')).toEqual([0.92]);
    expect(score('Zebra', 'varchar(50)')).toEqual([0.6]);
    expect(score('CodeValue2', 'varchar(51)')).toEqual([]);
  });
});

describe('options', () => {
  it('that are not there are the same as none', () => {
    expect(diffCatalogs(withTable(descriptor), withTable({ ...descriptor, options: [] })).differences).toEqual([]);
  });

  it('are shown on both sides', () => {
    const secured = withTable({ ...descriptor, options: ['POLICY mine', 'ROW LEVEL SECURITY'] });
    expect(diffCatalogs(withTable(descriptor), secured).differences).toEqual([
      {
        object: 'table',
        path: ['dms.Descriptor'],
        change: 'changed',
        field: 'options',
        expected: [],
        actual: ['POLICY mine', 'ROW LEVEL SECURITY'],
        severity: 'error',
      },
    ]);
  });
});

describe('bodies', () => {
  const view = { schema: 'dms', name: 'V', columns: [], body: 'a' };
  const fields = (before: Catalog, after: Catalog, mode?: 'reference') =>
    diffCatalogs(before, after, mode).differences.map(brief);

  it('of views are compared', () => {
    const withView = (of: Catalog, part: Partial<Catalog['views'][number]> = {}) => ({
      ...of,
      views: [{ ...view, ...part }],
    });
    for (const of of [catalog, catalogOf('mssql')]) {
      expect(fields(withView(of), withView(of, { body: 'b' }))).toEqual(['changed view dms.V body']);
      const other = withView(of, { columns: [{ name: 'X', type: 'date' }] });
      expect(fields(withView(of), other)).toEqual(['changed view dms.V columns']);
    }
  });

  it('absent from the expected catalog are compared only in reference mode', () => {
    const trigger = document.triggers[0]!;
    const withBody = (body: string | null) => withTable({ ...descriptor, triggers: [{ ...trigger, body }] });
    const changed = [`changed trigger dms.Descriptor ${trigger.name} body`];
    expect(fields(withBody(null), withBody('b'))).toEqual([]);
    expect(fields(withBody(null), withBody('b'), 'reference')).toEqual(changed);
    expect(fields(withBody('b'), withBody(null))).toEqual(changed);
  });
});

describe('hints for parts of a table', () => {
  const check = (name: string, expression = '"CodeValue" <> \'\'') => ({ name, expression, validated: true });
  const renames = (before: CatalogTable, after: CatalogTable) =>
    diffCatalogs(withTable(before), withTable(after)).renames.map(({ object, expected, actual }) => [
      object,
      expected[1],
      actual[1],
    ]);
  const withChecks = (...checks: readonly CatalogTable['checks'][number][]) => ({ ...descriptor, checks });

  it('require equality in everything except the name', () => {
    expect(renames(withChecks(check('before')), withChecks(check('after')))).toEqual([['check', 'before', 'after']]);
    expect(renames(withChecks(check('before')), withChecks(check('after', '"Uri" <> \'\'')))).toEqual([]);
    expect(renames(withChecks(check('before')), withChecks({ ...check('after'), validated: false }))).toEqual([]);
  });

  it('stay within the table', () => {
    const other = { ...descriptor, name: 'Other', checks: [check('after')] };
    const before = withTable(withChecks(check('before')), [{ ...other, checks: [] }]);
    expect(diffCatalogs(before, withTable(descriptor, [other])).renames).toEqual([]);
  });
});

describe('the report', () => {
  it('is a tree by schema and table, counts first', () => {
    const changed = withTable({
      ...descriptor,
      columns: descriptor.columns.map((column) =>
        column.name === 'CodeValue' ? { ...column, type: 'varchar(51)' } : column,
      ),
      indexes: [
        { name: 'my_own', unique: false, columns: ['Uri'], include: [], predicate: null, plain: true, valid: true },
      ],
      uniques: [],
    });
    const text = diffText(changed, diffCatalogs(catalog, { ...changed, schemas: [...changed.schemas, 'mine'] }));
    expect(text.split('\n')).toEqual([
      `pgsql: 4 differences (2 errors, 2 info) in ${catalog.tables.length} tables`,
      '+ I schema mine',
      'dms',
      '  Descriptor',
      '    ~ E column CodeValue: type',
      '        expected varchar(50)',
      '        actual   varchar(51)',
      '    - E unique UX_Descriptor_Uri_Discriminator',
      '    + I index my_own',
    ]);
  });

  it('sorts schemas and tables by name, regardless of the kind of difference', () => {
    const before = { ...catalog, tables: [...catalog.tables, { ...descriptor, schema: 'zoo', name: 'B' }] };
    const changed = new Map<string, Partial<CatalogTable>>([
      // within a table, kinds are sorted before names: first columns, then unique constraints
      ['Document', { columns: document.columns.slice(0, -1) }],
      ['Descriptor', { uniques: [] }],
    ]);
    const tables = catalog.tables.map((table) => ({
      ...table,
      ...(table.schema === 'dms' ? changed.get(table.name) : {}),
    }));
    const lines = diffText(catalog, { ...diffCatalogs(before, { ...catalog, tables }), renames: [] }).split('\n');
    expect(lines.slice(1)).toEqual([
      'dms',
      '  Descriptor',
      '    - E unique UX_Descriptor_Uri_Discriminator',
      '  Document',
      `    - E column ${document.columns.at(-1)?.name}`,
      'zoo',
      '  - E table zoo.B',
    ]);
  });

  it('cuts long values and long reports, unless all is asked for', () => {
    const check = { name: 'mine', expression: 'x'.repeat(500), validated: true };
    const many = Array.from({ length: 300 }, (_, index) => ({ ...check, name: `mine${index}` }));
    const changed = withTable({ ...descriptor, checks: many });
    const diff = diffCatalogs(catalog, changed);
    const lines = diffText(changed, diff).split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([202, '… and 102 more']);
    expect(diffText(changed, diff, { all: true }).split('\n')).toHaveLength(303);
    const before = withTable({ ...descriptor, checks: [{ ...check, expression: 'y' }] });
    expect(diffText(changed, diffCatalogs(before, withTable({ ...descriptor, checks: [check] })))).toContain(
      `actual   ${'x'.repeat(160)}…`,
    );
  });

  it('names each warning, also those that a long report leaves out', () => {
    const check = { name: 'mine', expression: 'x', validated: true };
    const checks = Array.from({ length: 300 }, (_, number) => ({ ...check, name: `mine${number}` }));
    const indexed = {
      ...catalog,
      tables: catalog.tables.map((table) =>
        table.name === 'Descriptor'
          ? { ...table, checks }
          : table.name === 'Document'
            ? { ...table, indexes: [] }
            : table,
      ),
    };
    const diff = diffCatalogs(catalog, indexed);
    const lost = document.indexes.map(({ name }) => `- W index dms.Document.${name}`);
    expect(lost.length).toBeGreaterThan(0);
    expect(warningLines(diff.differences)).toEqual(lost);
    expect(diffText(indexed, diff).split('\n').slice(202)).toEqual(lost);
    // where the report has room for them, no warning stands twice
    const few = {
      ...indexed,
      tables: catalog.tables.map((table) => (table.name === 'Document' ? { ...table, indexes: [] } : table)),
    };
    expect(diffText(few, diffCatalogs(catalog, few)).match(/- W index/g)).toHaveLength(lost.length);
  });

  it('shows the beginnings of hashes, and the whole where these are the same', () => {
    const shownOf = (effectiveSchemaHash: string) => {
      const changed = {
        ...catalog,
        fingerprint: catalog.fingerprint && { ...catalog.fingerprint, effectiveSchemaHash },
      };
      const diff = diffCatalogs(catalog, changed);
      expect(diff.differences.map(({ actual }) => actual)).toEqual([effectiveSchemaHash]);
      return diffText(changed, diff)
        .split('\n')
        .slice(-2)
        .map((line) => line.trim());
    };
    const own = catalog.fingerprint?.effectiveSchemaHash ?? '';
    expect(shownOf('AB'.repeat(32))).toEqual([`expected ${own.slice(0, 12)}`, 'actual   abababababab']);
    const later = `${own.slice(0, 63)}x`;
    expect(shownOf(later)).toEqual([`expected ${own}`, `actual   ${later}`]);
  });

  it('shows no control characters of names that others chose', () => {
    const changed = { ...catalog, schemas: [...catalog.schemas, 'a\u001b[31mb'] };
    expect(diffText(changed, diffCatalogs(catalog, changed))).not.toContain('\u001b');
  });
});

it('catalogs of two dialects are not compared', () => {
  expect(() => diffCatalogs(catalogOf('pgsql'), catalogOf('mssql'))).toThrow('are compared');
});
