import { readdirSync } from 'node:fs';
import type { Connection } from '@dms/databases';
import { mustExist } from '@dms/model';
import {
  type DatabaseOfSpec,
  hasSharedData,
  mainGenerations,
  provisionedEngines,
  readSharedJson,
  sharedFile,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  comparedColumns,
  comparedRows,
  completeTranslation,
  type EarlierSet,
  earlierQueries,
  earlierSet,
  given,
  replaceDocuments,
  surrogatesOf,
  translatedAll,
} from '../../test/earlier-views.ts';
import { plantedFaults } from '../../test/planted-faults.ts';
import { applyViews } from '../index.ts';
import { deriveEarlier } from './derive-earlier.ts';
import type { EarlierTable } from './earlier-mapping.ts';

const vectors = ['design', 'vectors'] as const;
const translations = [...vectors, 'translation'] as const;
const cases = [...vectors, 'earlier-views', 'cases'] as const;
const schemas = (...files: readonly string[]) =>
  files.map((file) => readSharedJson(...translations, ...file.split('/')));

interface EarlierVector {
  readonly name: string;
  readonly rules: string | Record<string, unknown>;
  readonly before: readonly { resource: string; document: unknown }[];
  readonly later?: readonly { resource: string; document: unknown }[];
  readonly rows: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  readonly notGivenBack?: readonly Record<string, unknown>[];
}

const names = hasSharedData ? readdirSync(sharedFile(...cases)).sort() : [];
const [engine] = provisionedEngines();

/** Expected rows in the form of the rows that are read. */
function expectedRows(rows: readonly Record<string, unknown>[], names: readonly string[]): string[] {
  const value = (name: string, each: unknown) =>
    typeof each === 'string' && (name === 'Uri' || /DescriptorId$/.test(name)) ? each.toLowerCase() : (each ?? null);
  return rows.map((row) => JSON.stringify(names.map((name) => value(name, row[name])))).sort();
}

/** A card with the number of another person's card, which must not count. */
const ofAnother = [
  { resource: 'Campus:Staff', document: { staffId: 't3', lastName: 'Po' } },
  {
    resource: 'Campus:Card',
    document: {
      staffReference: { staffId: 't3' },
      organizationReference: { organizationId: 1 },
      systemDescriptor: 'uri://campus.example/SystemDescriptor#State',
      number: '7',
      issuer: 'X',
    },
  },
];

describe.skipIf(!hasSharedData).each(mainGenerations)('earlier views of the vectors in %s', (mappingVersion) => {
  let database: DatabaseOfSpec;
  let connection: Connection;
  let before: EarlierSet;
  let after: EarlierSet;
  beforeAll(async () => {
    before = earlierSet(schemas('before/core.json', 'before/extension.json'), mappingVersion);
    after = earlierSet(schemas('after/core.json'), mappingVersion);
    database = await mustExist(engine, 'an engine').open(after.script);
    connection = database.connection;
    await applyViews(connection, after.reporting);
  });
  afterAll(() => database.close());

  /** Loads the documents of a case; returns functions to compare its rows with the expected ones. */
  async function loaded(name: string, others: EarlierVector['before'] = []) {
    const vector: EarlierVector = readSharedJson(...cases, name);
    const rules =
      typeof vector.rules === 'string' ? readSharedJson(...translations, `${vector.rules}.json`) : vector.rules;
    const translation = completeTranslation(rules, before, after);
    const made = await translatedAll(translation, vector.before.map(given));
    await replaceDocuments(connection, after.plans, [...made, ...[...(vector.later ?? []), ...others].map(given)]);
    const surrogates = await surrogatesOf(connection, after);
    const rowsOf = async (table: EarlierTable, query: string) => {
      const label = `${table.schema}.${table.name}`;
      const columns = comparedColumns(table.columns, table.kind === 'base' || table.kind === 'descriptorBase');
      const expected = expectedRows(
        mustExist(vector.rows[label], label),
        columns.map((column) => column.name),
      );
      return { found: await comparedRows(connection, query, table, surrogates), expected };
    };
    const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
    return { vector, earlier, rowsOf };
  }

  it.each(names)('%s', async (name) => {
    const { vector, earlier, rowsOf } = await loaded(name);
    const queries = earlierQueries(earlier, after.mapping);
    for (const label of Object.keys(vector.rows)) {
      const table = mustExist(
        earlier.tables.find((each) => `${each.schema}.${each.name}` === label),
        label,
      );
      const { found, expected } = await rowsOf(table, mustExist(queries.get(label), label));
      expect(found, label).toEqual(expected);
    }
    for (const entry of vector.notGivenBack ?? [])
      expect(earlier.notGivenBack).toContainEqual(expect.objectContaining(entry));
  });

  it('find planted faults', async () => {
    const kinds = new Set<string>();
    const found = new Set<string>();
    // an extension, documents beside their successor, and several documents of one person and key
    for (const name of ['01-moves.json', '06-documents-of-resource.json', '14-later-documents.json']) {
      const { vector, earlier, rowsOf } = await loaded(name, name.startsWith('14') ? ofAnother : []);
      const queries = earlierQueries(earlier, after.mapping);
      for (const { fault, table } of plantedFaults(earlier, new Set(Object.keys(vector.rows)))) {
        // cards are distinguished by all parts of their key, so each condition has its own name
        const kind = table.name === 'StaffCards' ? fault : fault.replace(/^(\w+ without) [A-Z].*/, '$1 a column');
        kinds.add(kind);
        if (found.has(kind)) continue;
        const right = await rowsOf(table, mustExist(queries.get(`${table.schema}.${table.name}`), fault));
        const [query] = earlierQueries({ ...earlier, tables: [table] }, after.mapping).values();
        const isFound = await rowsOf(table, mustExist(query, fault)).then(
          ({ found: faulty }) => JSON.stringify(faulty) !== JSON.stringify(right.found),
          () => true,
        );
        if (isFound) found.add(kind);
      }
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'without first',
        'first without a column',
        'first without Number',
        'first without Issuer',
        'first without StaffId',
        'first without SystemDescriptorId',
        'without present',
        'join without a column',
        'without join',
        'left join',
        'columns exchanged',
      ]),
    );
    expect([...kinds].filter((kind) => !found.has(kind))).toEqual([]);
  });
});
