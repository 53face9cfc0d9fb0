import { build, failureOf, modelOf, modelV2, subclassOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from './derive-inventory.ts';
import { inventoryFindings } from './inventory-limits.ts';

const { array, integer, object, string } = build;

const relaxed = { strict: false };

describe('an index for authorization', () => {
  const secured = (maxLength: number) => [
    build.project('Ed', [
      build.resource('Secured', {
        identityJsonPaths: ['$.securedId'],
        securableElements: { Namespace: ['$.namespace'] },
        jsonSchemaForInsert: object({ securedId: integer(), namespace: string(maxLength) }, ['securedId', 'namespace']),
      }),
    ]),
  ];

  it('cannot have a text of more than 4,000 letters on SQL Server', () => {
    expect(() => deriveInventory(modelV2(secured(4000), 'mssql'), relaxed)).not.toThrow();
    const { diagnostics } = failureOf(() => deriveInventory(modelV2(secured(4001), 'mssql'), relaxed));
    expect(diagnostics.map(({ code, where, details }) => [code, where, details.index, details.count])).toEqual([
      ['TABLE_LIMIT_EXCEEDED', { resource: 'Ed:Secured', path: '$.namespace' }, 'IX_Secured_Namespace_Auth', 4001],
    ]);
  });

  it('is a warning where its longest values do not fit', () => {
    const warnings = (maxLength: number, dialect: 'pgsql' | 'mssql') => {
      const model = modelV2(secured(maxLength), dialect);
      return inventoryFindings(model, deriveInventory(model, relaxed)).warnings.map(({ code, details }) => [
        code,
        details.count,
      ]);
    };
    expect([warnings(673, 'pgsql'), warnings(850, 'mssql')]).toEqual([[], []]);
    expect(warnings(674, 'pgsql')).toEqual([['TABLE_LIMIT_POSSIBLE', 2708]]);
    expect(warnings(851, 'mssql')).toEqual([['TABLE_LIMIT_POSSIBLE', 1702]]);
  });
});

describe('a table of tracked changes', () => {
  // each reference is one column of the key, and its parts are values of the identity
  const wide = (references: number) => {
    const parts = Array.from({ length: 30 }, (_, index) => `part${index}`);
    const target = build.resource('Target', {
      identityJsonPaths: parts.map((name) => `$.${name}`),
      jsonSchemaForInsert: object(Object.fromEntries(parts.map((name) => [name, integer()])), parts),
    });
    const names = Array.from({ length: references }, (_, index) => `target${index}Reference`);
    const wideResource = build.resource('Wide', {
      identityJsonPaths: names.flatMap((name) => parts.map((part) => `$.${name}.${part}`)),
      documentPathsMapping: Object.fromEntries(
        names.map((name, index) => [
          `Target${index}`,
          build.reference(
            'Ed:Target',
            parts.map((part) => [`$.${part}`, `$.${name}.${part}`] as const),
          ),
        ]),
      ),
      jsonSchemaForInsert: object(
        Object.fromEntries(
          names.map((name) => [name, object(Object.fromEntries(parts.map((part) => [part, integer()])), parts)]),
        ),
        names,
      ),
    });
    return [build.project('Ed', [target, wideResource])];
  };

  it('has two columns for each value, and no more than the engine takes', () => {
    expect(() => deriveInventory(modelV2(wide(16), 'mssql'), relaxed)).not.toThrow();
    const { diagnostics } = failureOf(() => deriveInventory(modelV2(wide(18), 'mssql'), relaxed));
    expect(diagnostics.map(({ code, where, details }) => [code, where.resource, details.what, details.limit])).toEqual([
      ['TABLE_LIMIT_EXCEEDED', 'Ed:Wide', 'columns of a table', 1024],
    ]);
  });
});

describe('a chain of triggers', () => {
  // each resource is the member of an abstract one, and the next resource refers to the identity of that one
  const chain = (length: number) => {
    const numbers = Array.from({ length }, (_, index) => index);
    const members = numbers.map((index) => ({
      ...build.resource(`Link${index}`, {
        ...subclassOf(`Ed:Base${index}`),
        allowIdentityUpdates: index === 0,
        identityJsonPaths: [index === 0 ? '$.code' : '$.baseReference.code'],
        ...(index === 0
          ? { jsonSchemaForInsert: object({ code: string(20) }, ['code']) }
          : {
              documentPathsMapping: {
                Base: build.reference(`Ed:Base${index - 1}`, [
                  [index === 1 ? '$.code' : '$.baseReference.code', '$.baseReference.code'],
                ]),
              },
              jsonSchemaForInsert: object({ baseReference: object({ code: string(20) }, ['code']) }, ['baseReference']),
            }),
      }),
    }));
    const abstractResources = Object.fromEntries(
      numbers.map((index) => [
        `Base${index}`,
        { identityJsonPaths: [index === 0 ? '$.code' : '$.baseReference.code'] },
      ]),
    );
    return [build.project('Ed', members, { abstractResources })];
  };

  const warnings = (length: number, dialect: 'pgsql' | 'mssql') => {
    const model = modelOf(chain(length), dialect);
    return inventoryFindings(model, deriveInventory(model)).warnings;
  };

  it('that is deeper than SQL Server allows is a warning, with its tables', () => {
    // the first level, one for each abstract resource, and two for the stamp of the last row
    expect(warnings(29, 'mssql')).toEqual([]);
    const [finding, ...others] = warnings(30, 'mssql');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'TABLE_LIMIT_POSSIBLE',
      where: { resource: 'Ed:Link0' },
      details: { what: 'levels of triggers that fire triggers', count: 33, limit: 32 },
    });
    expect(warnings(30, 'pgsql')).toEqual([]);
  });

  it('ends where a trigger writes nothing that the next one reads', () => {
    // each refers to the previous one twice: once in its identity, by a cascade, and once outside it, by a trigger
    const pair = [['$.code', '$.firstReference.code']] as const;
    const beside = (index: number) =>
      build.resource(`Link${index}`, {
        identityJsonPaths: ['$.firstReference.code'],
        documentPathsMapping: {
          First: build.reference(
            `Ed:Link${index - 1}`,
            index === 1 ? pair : [['$.firstReference.code', '$.firstReference.code']],
          ),
          Second: build.reference(
            `Ed:Link${index - 1}`,
            [[index === 1 ? '$.code' : '$.firstReference.code', '$.secondReference.code']],
            false,
          ),
        },
        jsonSchemaForInsert: object(
          { firstReference: object({ code: string(20) }, ['code']), secondReference: object({ code: string(20) }) },
          ['firstReference'],
        ),
      });
    const first = build.resource('Link0', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: string(20) }, ['code']),
    });
    const model = modelOf(
      [build.project('Ed', [first, ...Array.from({ length: 40 }, (_, index) => beside(index + 1))])],
      'mssql',
    );
    const inventory = deriveInventory(model);
    expect(inventory.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback')).toHaveLength(40);
    expect(inventoryFindings(model, inventory).warnings).toEqual([]);
  });
});

it('indexes of a table are at most 999 on SQL Server, besides the primary key', () => {
  const documents = (uniques: number) => {
    const codes = Array.from({ length: uniques }, (_, index) => `code${index}`);
    return [
      build.project('Ed', [
        build.resource('Listed', {
          identityJsonPaths: ['$.listedId'],
          arrayUniquenessConstraints: codes.map((code) => ({ paths: [`$.items[*].${code}`] })),
          jsonSchemaForInsert: object(
            {
              listedId: integer(),
              items: array(object(Object.fromEntries(codes.map((code) => [code, integer()])), codes)),
            },
            ['listedId'],
          ),
        }),
      ]),
    ];
  };
  expect(() => deriveInventory(modelOf(documents(999), 'mssql'))).not.toThrow();
  const { diagnostics } = failureOf(() => deriveInventory(modelOf(documents(1000), 'mssql')));
  expect(diagnostics.map(({ code, where, details }) => [code, where.path, details.count, details.limit])).toEqual([
    ['TABLE_LIMIT_EXCEEDED', '$.items[*]', 1000, 999],
  ]);
});
