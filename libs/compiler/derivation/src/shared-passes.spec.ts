import type { EffectiveSchemaSet } from '@dms/api-schema';
import { modelText } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build, codesOf, failureOf, propertyRuns, schemaSet, schemaSets } from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveModel } from './index.ts';

/* Both dialects share most of the derivation of a set; the sharing must have no visible effect. */

const derived = (set: EffectiveSchemaSet, dialect: SqlDialect) => {
  const { model, notes } = deriveModel(set, dialect);
  return { text: modelText(model), notes };
};

describe('a set that is derived for several dialects', () => {
  it('gives each the model that it has alone, in every order and again', () => {
    fc.assert(
      fc.property(
        schemaSets({ longNames: true }),
        fc.array(fc.constantFrom('pgsql', 'mssql'), { maxLength: 3 }),
        (documents, order) => {
          const alone = {
            pgsql: derived(schemaSet(...documents), 'pgsql'),
            mssql: derived(schemaSet(...documents), 'mssql'),
          };
          const set = schemaSet(...documents);
          for (const dialect of [...order, 'mssql', 'pgsql'] as const)
            expect(derived(set, dialect)).toEqual(alone[dialect]);
        },
      ),
      { numRuns: propertyRuns(25) },
    );
  });

  it('has a cascade on PostgreSQL where SQL Server has a trigger', () => {
    const { object, project, reference, resource, string } = build;
    const parent = reference('Ed-Fi:A', [['$.code', '$.parentReference.code']], false);
    const self = resource('A', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.code'],
      documentPathsMapping: { Parent: parent },
      jsonSchemaForInsert: object({ code: string(), parentReference: object({ code: string() }, ['code']) }, ['code']),
    });
    const set = schemaSet(project('Ed-Fi', [self]));
    for (const [dialect, key, fallbacks] of [
      ['mssql', 'FK_A_Parent NoAction', 1],
      ['pgsql', 'FK_A_Parent_RefKey Cascade', 0],
      ['mssql', 'FK_A_Parent NoAction', 1],
    ] as const) {
      const { model, notes } = deriveModel(set, dialect);
      const keys = model.resources[0]?.tablesInDependencyOrder[0]?.constraints.flatMap((constraint) =>
        constraint.kind === 'ForeignKey' ? [`${constraint.name} ${constraint.onUpdate}`] : [],
      );
      expect(keys).toContain(key);
      expect([model.propagationFallbacks.length, notes.length]).toEqual([fallbacks, fallbacks]);
    }
  });

  it('is refused for one dialect and derived for the other, however often', () => {
    const { object, project, resource, string } = build;
    // equal in the 52 characters that PostgreSQL keeps, and in the hash after them
    const twins = ['00143338', '00366992'].map(
      (digits) => `NameThatIsLongEnoughToBeCutByPostgreSQLAndThenHashedTail${digits}`,
    );
    const things = twins.map((name) =>
      resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string() }, ['code']) }),
    );
    const set = schemaSet(project('Ed-Fi', things));
    for (const _round of [1, 2]) {
      expect(codesOf(failureOf(() => deriveModel(set, 'pgsql')))).toEqual(['NAME_COLLISION']);
      expect(deriveModel(set, 'mssql').model.resources).toHaveLength(2);
    }
  });
});
