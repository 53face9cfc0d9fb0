import { qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type MainGeneration, mainGenerations, propertyRuns, random, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { type Compiled, compiledUnlessRefused } from '../bench.ts';
import { distinguished, evolved } from '../random-evolution.ts';

const runs = 3;

const accepted: Readonly<Record<MainGeneration, (documents: readonly unknown[]) => readonly unknown[]>> = {
  v1: (documents) => documents,
  v2: distinguished,
};

/** An item without the name in its table, which PostgreSQL shortens earlier. */
const told = ({ class: itemClass, change, owner, path: [table] }: UpgradeItem) =>
  `${itemClass} ${change} ${owner} ${table}`;

/** The items that may refuse rows or values. */
const decisive = (items: readonly UpgradeItem[]) =>
  items.filter((item) => item.class !== 'free' && item.class !== 'rewritten');

/** How many columns the foreign keys of each table have together. */
const keyColumns = ({ catalog }: Compiled) =>
  new Map(
    catalog.tables.map((table) => [qualified(table), table.foreignKeys.flatMap(({ columns }) => columns).length]),
  );

/**
 * SQL Server allows one path of cascades to a row, so further references to a target whose keys change have a foreign
 * key of the document id alone (design 11). If they get the whole key, its copies are checked, because only triggers
 * kept them right. PostgreSQL has the whole key from the start.
 */
function getsWholeKey(pgsql: Compiled, mssql: Compiled): (item: UpgradeItem) => boolean {
  const whole = keyColumns(pgsql);
  const narrower = keyColumns(mssql);
  return ({ change, path: [table = ''] }) =>
    change === 'foreign key changed' && (narrower.get(table) ?? 0) < (whole.get(table) ?? 0);
}

describe.each(mainGenerations)('a random change of random schemas, in %s,', (version) => {
  it('has the same verdict in both dialects, but for a rule of SQL Server', () => {
    fc.assert(
      fc.property(schemaSets({ longNames: false }), fc.integer(), fc.boolean(), (given, seed, isBackwards) => {
        const documents = accepted[version](given);
        const sets = [documents, evolved(documents, random(seed))];
        if (isBackwards) sets.reverse();
        const of = (dialect: SqlDialect) => sets.map((each) => compiledUnlessRefused(each, version, dialect));
        const [pgsql, pgsqlAfter] = of('pgsql');
        const [mssql, mssqlAfter] = of('mssql');
        fc.pre(Boolean(pgsql && pgsqlAfter && mssql && mssqlAfter));
        if (!pgsql || !pgsqlAfter || !mssql || !mssqlAfter) return;
        const mayDiffer = getsWholeKey(pgsql, mssql);
        const expected = planUpgrade(pgsql, pgsqlAfter);
        const found = planUpgrade(mssql, mssqlAfter);
        const items = decisive(found.items).filter((item) => !mayDiffer(item));
        expect(items.map(told).sort()).toEqual(
          decisive(expected.items)
            .filter((item) => !mayDiffer(item))
            .map(told)
            .sort(),
        );
        if (items.length === decisive(found.items).length) expect(found.verdict).toBe(expected.verdict);
      }),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
  });
});
