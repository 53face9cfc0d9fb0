import { type SqlDialect, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { operationText } from '../../src/ops/shown-operation.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { shownDifference } from '../shown-catalog.ts';
import { shownEvolutions } from '../shown-evolutions.ts';

/* What changes, what the upgrade does, and its statements on both engines, side by side (design 12 §5). */

/** The phases on tables and their rows; code, derived rows and the fingerprint have tests of their own. */
const shownSteps: readonly string[] = ['drop keys', 'tables and names', 'columns', 'resource keys', 'add keys'];

function shown(name: string, dialect: SqlDialect) {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  const [before, after] = evolutionPair(evolution, 'v1', dialect);
  const { statements } = planUpgrade(before, after, { allowLoss: evolution.allowLoss ?? [] });
  const found = statements.filter(({ step }) => shownSteps.includes(step));
  return {
    before: shownDifference(before.catalog, after.catalog),
    after: shownDifference(after.catalog, before.catalog),
    ops: found.flatMap(({ ops }) => ops.map(operationText)),
    sql: found.flatMap(({ sql }) => textOf(sql).split('\n')),
  };
}

describe.each(Object.entries(shownEvolutions))('%s', (name, { before, after, ops, pgsql, mssql, opsOfMssql }) => {
  it('has these operations and statements on PostgreSQL', () => {
    expect(shown(name, 'pgsql')).toEqual({ before, after, ops, sql: pgsql });
  });

  it('has the same operations and its own statements on SQL Server', () => {
    const found = shown(name, 'mssql');
    // SQL Server has no checks that wait for the end of a transaction
    const same = ops.filter((each) => !each.startsWith('settle'));
    expect(found.ops).toEqual(opsOfMssql ?? same);
    expect(found.sql).toEqual(mssql);
  });
});
