import { hasSharedData, readSharedJson, sharedFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  core52,
  core61,
  mappedForeignKeys,
  mappedTables,
  type PublishedTable,
  publishedForeignKeys,
  publishedTables,
  setOf51,
  setOfFiles,
  setOfVersion,
} from '../../test/published-ods.ts';
import { deriveMapping, type OdsMapping } from '../index.ts';

/** The columns of `tables` that differ in `others`. */
function differences(
  tables: ReadonlyMap<string, PublishedTable>,
  others: ReadonlyMap<string, PublishedTable>,
): string[] {
  return [...tables].flatMap(([name, { columns }]) => {
    const known = new Set(others.get(name)?.columns);
    return columns.filter((column) => !known.has(column)).map((column) => `${name}.${column}`);
  });
}

interface KnownTable {
  readonly resource: string | null;
  readonly scope: string;
  readonly kind: string;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

describe.runIf(hasSharedData)('the published ODS of 5.2 (needs the shared conformance data)', () => {
  let mapping: OdsMapping;
  let published: ReadonlyMap<string, PublishedTable>;

  beforeAll(async () => {
    mapping = deriveMapping(await setOfFiles(core52.v1())).mapping;
    published = publishedTables();
  });

  it('has exactly the derived tables, columns, order, types, nullability and keys', () => {
    expect(mapping.tables).toHaveLength(613);
    expect(mapping.tables.reduce((sum, { columns }) => sum + columns.length, 0)).toBe(3668);
    const mapped = mappedTables(mapping);
    expect([...mapped.keys()].sort()).toEqual([...published.keys()].sort());
    for (const [name, table] of published) expect({ name, ...mapped.get(name) }).toEqual({ name, ...table });
  });

  it('has exactly the derived foreign keys', () => {
    expect(publishedForeignKeys()).toHaveLength(1200);
    expect(mappedForeignKeys(mapping)).toEqual(publishedForeignKeys());
  });

  it('has the whole names in SQL Server, which are cut in PostgreSQL for 15 tables', () => {
    const cut = mapping.tables.filter(({ name, pgsqlName }) => name !== pgsqlName);
    expect(cut).toHaveLength(15);
    expect(cut.map(({ name }) => name)).toContain('StudentEducationOrganizationAssociationStudentCharacteristicPeriod');
    expect(
      mapping.tables.flatMap(({ columns }) => columns.filter(({ name, pgsqlName }) => name !== pgsqlName)),
    ).toEqual([]);
  });

  it('has the document paths of the known answer', () => {
    const known: Readonly<Record<string, KnownTable>> = readSharedJson('inputs', 'ods-5.2', 'mapping.json');
    const byName = new Map(mapping.tables.map((table) => [`${table.schema}.${table.pgsqlName}`, table]));
    expect(Object.keys(known).sort()).toEqual([...byName.keys()].sort());
    for (const [name, { scope, columns }] of Object.entries(known)) {
      // for a base, the known answer has the paths of one subclass
      const source = byName.get(name)?.sources[0];
      const pathsOf = (paths: readonly string[] = []) => [...new Set(paths)].sort();
      const expected = Object.entries(columns).map(([column, paths]) => [column, pathsOf(paths)]);
      const found = Object.keys(columns).map((column) => [column, pathsOf(source?.paths[column])]);
      expect({ name, scope: source?.scope ?? '$', found }).toEqual({ name, scope, found: expected });
    }
  });

  it('is the same from the files of both generations', async () => {
    const other = deriveMapping(await setOfFiles(core52.v2())).mapping;
    expect(other.tables).toEqual(mapping.tables);
  });

  it('differs without overrides in 3 types, 13 columns that may not be null, and 3 that only one file requires', async () => {
    for (const [file, count] of [
      [core52.v2(), 16],
      [core52.v1(), 19],
    ] as const) {
      const set = await setOfFiles(file);
      const projects = set.projects.map((project) => ({ ...project, projectVersion: '5.2.0-unpublished' }));
      const found = differences(mappedTables(deriveMapping({ ...set, projects }).mapping), published);
      expect(found).toHaveLength(count);
      expect(found.filter((column) => column.includes('PublicationYear INT'))).toHaveLength(3);
    }
  });

  it('follows for an extension too: 64 more tables with 551 columns', async () => {
    const set = await setOfFiles(core52.v1(), sharedFile('inputs', 'tpdm-1.1-extension.json'));
    const { mapping: extended, notes } = deriveMapping(set);
    const added = extended.tables.filter(({ schema }) => schema === 'tpdm');
    expect(added).toHaveLength(64);
    expect(added.reduce((sum, { columns }) => sum + columns.length, 0)).toBe(551);
    expect(differences(published, mappedTables(extended))).toEqual([]);
    const mapped = new Map([...mappedTables(extended)].filter(([name]) => name.startsWith('tpdm.')));
    const script = publishedTables('ods-tpdm-1.1');
    expect([...mapped.keys()].sort()).toEqual([...script.keys()].sort());
    for (const [name, table] of script) expect({ name, ...mapped.get(name) }).toEqual({ name, ...table });
    expect(notes.map(({ code, details }) => [code, details.columns])).toEqual([
      ['ODS_NAME_COLLISION', ['tpdm.CandidateEducatorPreparationProgramAssociationDegreeSpecialization.BeginDate']],
    ]);
  });
});

describe.runIf(hasSharedData).each(['v1', 'v2'] as const)(
  'the published ODS of 6.1 in %s (needs the shared conformance data)',
  (version) => {
    it('has exactly the derived tables, columns, order, types, nullability, keys and foreign keys', async () => {
      const { mapping } = deriveMapping(await setOfVersion(version, core61()));
      const published = publishedTables('ods-6.1');
      const mapped = mappedTables(mapping);
      expect(published.size).toBe(829);
      expect([...mapped.keys()].sort()).toEqual([...published.keys()].sort());
      for (const [name, table] of published) expect({ name, ...mapped.get(name) }).toEqual({ name, ...table });
      expect(publishedForeignKeys('ods-6.1')).toHaveLength(1663);
      expect(mappedForeignKeys(mapping)).toEqual(publishedForeignKeys('ods-6.1'));
    });

    it('differs without overrides in six types', async () => {
      const set = await setOfVersion(version, core61());
      const projects = set.projects.map((project) => ({ ...project, projectVersion: '6.1.0-unpublished' }));
      const mapped = mappedTables(deriveMapping({ ...set, projects }).mapping);
      expect(differences(mapped, publishedTables('ods-6.1'))).toHaveLength(6);
    });
  },
);

describe.runIf(hasSharedData).each(['v1', 'v2'] as const)(
  'the published ODS of 5.1, from the older format in %s (needs the shared conformance data)',
  (version) => {
    it('has exactly the derived tables, columns, order, types, nullability, keys and foreign keys', async () => {
      const { mapping, notes } = deriveMapping(await setOf51(version));
      expect(notes).toEqual([]);
      const mapped = mappedTables(mapping);
      const published = publishedTables('ods-5.1');
      expect(published.size).toBe(595);
      expect([...mapped.keys()].sort()).toEqual([...published.keys()].sort());
      for (const [name, table] of published) expect({ name, ...mapped.get(name) }).toEqual({ name, ...table });
      expect(mappedForeignKeys(mapping)).toEqual(publishedForeignKeys('ods-5.1'));
    });

    it('has guessed names where the version is not a published one', async () => {
      const set = await setOf51(version);
      const projects = set.projects.map((project) => ({ ...project, projectVersion: '5.1.0-unpublished' }));
      const { mapping, notes } = deriveMapping({ ...set, projects });
      const published = publishedTables('ods-5.1');
      const wrong = mapping.tables.flatMap((table) => {
        const known = new Set(
          published.get(`${table.schema}.${table.pgsqlName}`)?.columns.map((text) => text.split(' ')[0]),
        );
        return table.columns.filter(({ name }) => !known.has(name)).map((column) => ({ table: table.name, ...column }));
      });
      expect(wrong.filter(({ isGuessed }) => !isGuessed)).toEqual([]);
      const guessed = notes.find(({ code }) => code === 'ODS_NAME_GUESSED');
      expect(guessed?.details.references).toContain('CourseTranscript|Course');
    });
  },
);
