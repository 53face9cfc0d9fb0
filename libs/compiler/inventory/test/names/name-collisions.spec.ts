import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  build,
  diagnosticsOf,
  expectDiagnostic,
  fields,
  numbered,
  schemaSet,
  schoolReference,
  shortName,
  shortNameIn,
  subclassOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { derive } from '../derived.ts';
import { type HandMadeTable, handMadeModel } from '../hand-made.ts';
import { triggerNames } from '../inventory-lookup.ts';

const { object, project, resource, string } = build;

/** The collisions that derivation reports, as the place and the sources of each. */
function collisionsOf(model: RelationalModelSet): unknown {
  const found = diagnosticsOf(() => deriveInventory(model));
  expect(found.map(({ code }) => code)).toEqual(['NAME_COLLISION']);
  return found[0]?.details.collisions;
}

const school = numbered('School', 'schoolId');
const named = (name: string) =>
  resource(name, {
    identityJsonPaths: ['$.code'],
    documentPathsMapping: { School: schoolReference() },
    jsonSchemaForInsert: object({ code: string(), schoolReference: fields({ schoolId: build.integer() }) }, [
      'code',
      'schoolReference',
    ]),
  });

/*
 * Pairs of names found by trial, whose SHA-256 begins with the same ten hex digits: after shortening, the names of the
 * index of the first pair (longer than 63) and of the referential identity trigger of the second (longer than 128) are
 * equal.
 */
const indexTwins = ['VBRB8', 'V1EQP1'].map((suffix) => `StudentAssessmentAccommodationParticipationHistory${suffix}`);
const triggerTwins = ['V50OC', 'V7FZK'].map(
  (suffix) => `${'StudentAssessmentAccommodationParticipationHistory'.repeat(3).slice(0, 118)}${suffix}`,
);

describe('two indexes whose names are equal after shortening', () => {
  const fullNames = indexTwins.map((name) => `IX_${name}_School_DocumentId_School_SchoolId`);
  const document = project('Ed-Fi', [school, ...indexTwins.map(named)]);
  const modelOf = (dialect: SqlDialect) => deriveModel(schemaSet(document), dialect).model;

  it('are a pair that the premise holds for', () => {
    const [first, second] = fullNames.map((name) => shortName(name));
    expect(first).toBe(second);
    expect(new Set(fullNames).size).toBe(2);
  });

  it('on different tables of one schema are a NAME_COLLISION in pgsql, with both sources, sorted (case 14, 03 case 20)', () => {
    const final = shortName(fullNames[0] as string);
    expect(collisionsOf(modelOf('pgsql'))).toEqual([
      {
        kind: 'index',
        location: "schema 'edfi'",
        name: final,
        sources: fullNames
          .map((full, index) => `${full} -> ${final} (index ${full} on edfi.${indexTwins[index]})`)
          .sort(),
      },
    ]);
    expectDiagnostic(() => deriveInventory(modelOf('pgsql')), 'NAME_COLLISION', final, ...fullNames);
  });

  it('on different tables of one schema are accepted in mssql (case 14, 03 case 20)', () => {
    const { inventory } = derive('mssql', document);
    expect(fullNames.map((name) => inventory.indexes.filter((index) => index.name === name).length)).toEqual([1, 1]);
  });

  it('in different schemas are accepted in both dialects', () => {
    const [first = '', second = ''] = indexTwins;
    const documents = [
      project('Ed-Fi', [school, named(first)]),
      project('Sample', [named(second)], { isExtension: true }),
    ];
    const { inventory } = derive('pgsql', ...documents);
    const final = shortName(fullNames[0] as string);
    expect(inventory.indexes.filter(({ name }) => name === final).map(({ table }) => table.schema)).toEqual([
      'edfi',
      'sample',
    ]);
    expect(derive('mssql', ...documents).inventory.indexes).toHaveLength(inventory.indexes.length);
  });

  it('of equal full length collide in the same way', () => {
    const tables: HandMadeTable[] = [
      { name: 'A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'A_B', columns: ['c'], foreignKeys: [['c']] },
    ];
    expect(collisionsOf(handMadeModel('pgsql', ...tables))).toEqual([
      {
        kind: 'index',
        location: "schema 'edfi'",
        name: 'IX_A_B_c',
        sources: [
          'IX_A_B_c -> IX_A_B_c (index IX_A_B_c on edfi.A)',
          'IX_A_B_c -> IX_A_B_c (index IX_A_B_c on edfi.A_B)',
        ],
      },
    ]);
    expect(
      deriveInventory(handMadeModel('mssql', ...tables))
        .indexes.filter(({ name }) => name === 'IX_A_B_c')
        .map(({ table }) => table.name),
    ).toEqual(['A', 'A_B']);
  });
});

describe('two triggers whose names are equal after shortening', () => {
  const fullNames = triggerTwins.map((name) => `TR_${name}_ReferentialIdentity`);
  const document = project('Ed-Fi', [school, ...triggerTwins.map(named)]);

  it('are a pair that the premise holds for', () => {
    for (const dialect of dialects) {
      const [first, second] = fullNames.map((name) => shortNameIn(dialect, name));
      expect(first).toBe(second);
    }
    expect(new Set(fullNames).size).toBe(2);
    expect(triggerTwins.every(({ length }) => length <= 128)).toBe(true);
  });

  it('on different tables of one schema are a NAME_COLLISION in mssql, with both sources, sorted (case 15, 03 case 21)', () => {
    const final = shortNameIn('mssql', fullNames[0] as string);
    expect(collisionsOf(deriveModel(schemaSet(document), 'mssql').model)).toEqual([
      {
        kind: 'trigger',
        location: "schema 'edfi'",
        name: final,
        sources: fullNames
          .map((full, index) => `${full} -> ${final} (trigger ${full} on edfi.${triggerTwins[index]})`)
          .sort(),
      },
    ]);
  });

  it('on different tables of one schema are accepted in pgsql (case 15, 03 case 21)', () => {
    const { inventory } = derive('pgsql', document);
    const final = shortName(fullNames[0] as string);
    expect(inventory.triggers.filter(({ name }) => name === final)).toHaveLength(2);
  });
});

describe('a hierarchy trigger, which is named by its resource,', () => {
  const organization = (name: string, table?: string) =>
    numbered(name, 'educationOrganizationId', {
      ...subclassOf('Ed-Fi:EducationOrganization'),
      ...(table === undefined ? {} : { relational: { rootTableNameOverride: table } }),
    });
  const documents = [
    project('Ed-Fi', [organization('School')], {
      abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
    }),
    project('Sample', [organization('School', 'Academy')], { isExtension: true }),
  ];

  it.each(dialects)('may bear one name in two schemas in %s', (dialect) => {
    const { inventory } = derive(dialect, ...documents);
    expect(triggerNames(inventory).filter((line) => line.endsWith(' TR_School_AuthHierarchy_Insert'))).toEqual([
      'edfi.School TR_School_AuthHierarchy_Insert',
      'sample.Academy TR_School_AuthHierarchy_Insert',
    ]);
  });

  /** The model with the table of the second school moved into the schema of the first. */
  const inOneSchema = (dialect: SqlDialect): RelationalModelSet => {
    const moved = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(moved);
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
      const members = Object.entries(value).map(([name, member]) => [
        name,
        name === 'schema' && member === 'sample' ? 'edfi' : moved(member),
      ]);
      return Object.fromEntries(members);
    };
    return moved(deriveModel(schemaSet(...documents), dialect).model) as RelationalModelSet;
  };

  it('may bear one name on two tables of a schema in pgsql (case 15)', () => {
    const names = triggerNames(deriveInventory(inOneSchema('pgsql')));
    expect(names).toContain('edfi.School TR_School_AuthHierarchy_Insert');
    expect(names).toContain('edfi.Academy TR_School_AuthHierarchy_Insert');
  });

  it('collides with the same name on another table of the schema in mssql (case 15)', () => {
    expect(collisionsOf(inOneSchema('mssql'))).toEqual(
      ['Delete', 'Insert'].map((event) => {
        const name = `TR_School_AuthHierarchy_${event}`;
        return {
          kind: 'trigger',
          location: "schema 'edfi'",
          name,
          sources: ['Academy', 'School'].map((table) => `${name} -> ${name} (trigger ${name} on edfi.${table})`),
        };
      }),
    );
  });
});

describe('the report of collisions', () => {
  it('holds all of them: indexes before triggers, then by schema and name, whatever the order of the tables', () => {
    const tables: HandMadeTable[] = [
      { name: 'alpha.A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'alpha.A_B', columns: ['c'], foreignKeys: [['c']] },
      { name: 'A', columns: ['B_c', 'B_b'], foreignKeys: [['B_c'], ['B_b']] },
      { name: 'A_B', columns: ['c', 'b'], foreignKeys: [['c'], ['b']] },
    ];
    const places = (found: unknown) =>
      (found as { location: string; name: string }[]).map(({ location, name }) => [location, name]);
    const expected = [
      ["schema 'alpha'", 'IX_A_B_c'],
      ["schema 'edfi'", 'IX_A_B_b'],
      ["schema 'edfi'", 'IX_A_B_c'],
    ];
    expect(places(collisionsOf(handMadeModel('pgsql', ...tables)))).toEqual(expected);
    expect(places(collisionsOf(handMadeModel('pgsql', ...[...tables].reverse())))).toEqual(expected);
  });

  it('names the stage, which holds the dialect', () => {
    const tables: HandMadeTable[] = [
      { name: 'A', columns: ['B_c'], foreignKeys: [['B_c']] },
      { name: 'A_B', columns: ['c'], foreignKeys: [['c']] },
    ];
    expectDiagnostic(
      () => deriveInventory(handMadeModel('pgsql', ...tables)),
      'NAME_COLLISION',
      'AfterDialectShortening(Pgsql:63-bytes)',
    );
  });

  it('does not mix kinds: a UNIQUE constraint and a trigger of one name are not a collision', () => {
    const tables: HandMadeTable[] = [{ name: 'A', columns: ['b'], uniques: [['b']], uniqueNames: ['TR_A_Stamp'] }];
    for (const dialect of dialects) expect(deriveInventory(handMadeModel(dialect, ...tables)).indexes).toHaveLength(2);
  });
});
