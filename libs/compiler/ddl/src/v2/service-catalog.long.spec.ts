import { serviceCatalog } from '@dms/catalog';
import { hasSharedData, readSharedJson } from '@dms/testing';
import { compareBy } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';
import type { PublishedCatalog } from '../../test/published-catalog.ts';

/* The triggers and functions of a database that the tool of the service created (design 16 §6.3). */

const inOrder = compareBy<Readonly<Record<string, unknown>>>(
  ({ schema }) => String(schema),
  ({ table }) => String(table),
  ({ name }) => String(name),
);

describe.runIf(hasSharedData)("the service's set (needs the shared conformance data)", () => {
  it.each(Object.keys(fixturesV2))('%s: is what the published catalogs list', async (fixture) => {
    const emitted = await emitFixtureV2(fixture);
    for (const dialect of ['pgsql', 'mssql'] as const) {
      const { triggers = [], functions = [] } = readSharedJson(
        'fixtures-v2',
        fixture,
        'expected',
        `catalog.${dialect}.json`,
      ) as PublishedCatalog;
      const service = serviceCatalog(emitted.in(dialect).catalog, emitted.in(dialect).inventory)!;
      const found = service.tables.flatMap(({ schema, name: table, triggers: own }) =>
        own.map(({ name, timing, level, events, oldTable, newTable, function: routine, updateOf, when, enabled }) => {
          expect({ updateOf, when, enabled }).toEqual({ updateOf: [], when: null, enabled: true });
          return {
            schema,
            table,
            name,
            timing,
            events,
            ...(dialect === 'pgsql' ? { level, function: routine } : {}),
            ...(dialect === 'pgsql' && oldTable !== null ? { oldTable } : {}),
            ...(dialect === 'pgsql' && newTable !== null ? { newTable } : {}),
          };
        }),
      );
      expect(found.sort(inOrder), dialect).toEqual([...triggers].sort(inOrder));
      const names = (list: readonly Readonly<Record<string, unknown>>[]) =>
        list.map(({ schema, name, arguments: list, result }) => `${schema}.${name}(${list}) ${result}`).sort();
      expect(names(service.functions), dialect).toEqual(names(functions));
    }
  });
});

describe("the service's set", () => {
  it('exists for the second generation only', async () => {
    const first = await emitters.v1.campusAndAthletics();
    const second = await emitters.v2.campusAndAthletics();
    expect(serviceCatalog(first.pgsql.catalog, first.pgsql.inventory)).toBeNull();
    const { catalog, inventory } = second.pgsql;
    expect(serviceCatalog(catalog, inventory)?.functions.length).toBeGreaterThan(catalog.functions.length);
  });
});
