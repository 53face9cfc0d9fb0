import { modelText } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { build, codesOf, type Document, everything, failureOf, schemaSet, workedExamples } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveModel, deriveModels } from './derive-model.ts';

const derived = (documents: readonly Document[], order: readonly SqlDialect[]) =>
  deriveModels(schemaSet(...documents), order).map(({ model, notes }) => ({ text: modelText(model), notes }));

describe('the models of several dialects', () => {
  const orders: readonly (readonly SqlDialect[])[] = [
    ['pgsql', 'mssql'],
    ['mssql', 'pgsql'],
    ['mssql', 'mssql', 'pgsql', 'mssql'],
    ['pgsql'],
    [],
  ];

  it.each([
    ['a schema with everything', [everything].flat()],
    ['the worked examples', workedExamples],
  ])('of %s are those that each dialect has alone, in the order that was asked for', (_, documents) => {
    const alone = Object.fromEntries(dialects.map((dialect) => [dialect, derived([...documents], [dialect])[0]]));
    expect(alone.pgsql?.text).not.toBe(alone.mssql?.text);
    for (const order of orders) expect(derived([...documents], order)).toEqual(order.map((dialect) => alone[dialect]));
  });

  it('come of one run of the shared passes', () => {
    const set = schemaSet(...[everything].flat());
    const scope = ({ model }: ReturnType<typeof deriveModel>) =>
      model.resources
        .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder.map(({ jsonScope }) => jsonScope))
        .find(({ canonical }) => canonical !== '$');
    const [pgsql, mssql] = deriveModels(set, ['pgsql', 'mssql']);
    expect(scope(pgsql!)).toBeDefined();
    expect(scope(mssql!)).toBe(scope(pgsql!));
    // another run makes an equal scope, but not the same object
    expect(scope(deriveModel(set, 'mssql'))).toEqual(scope(mssql!));
    expect(scope(deriveModel(set, 'mssql'))).not.toBe(scope(mssql!));
  });

  it('are none when one dialect refuses the set', () => {
    const { object, project, resource, string } = build;
    // equal in the 52 characters that PostgreSQL keeps, and in the hash after them
    const twins = ['00143338', '00366992'].map(
      (digits) => `NameThatIsLongEnoughToBeCutByPostgreSQLAndThenHashedTail${digits}`,
    );
    const things = twins.map((name) =>
      resource(name, { identityJsonPaths: ['$.code'], jsonSchemaForInsert: object({ code: string() }, ['code']) }),
    );
    const set = schemaSet(project('Ed-Fi', things));
    for (const order of [['pgsql', 'mssql'] as const, ['mssql', 'pgsql'] as const])
      expect(codesOf(failureOf(() => deriveModels(set, order)))).toEqual(['NAME_COLLISION']);
    expect(deriveModels(set, ['mssql'])).toHaveLength(1);
  });
});
