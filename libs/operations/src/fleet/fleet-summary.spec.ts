import { diagnostic } from '@dms/diagnostics';
import { expect, it } from 'vitest';
import { operations } from '../operations/index.ts';
import { fleetFailure } from './fleet-summary.ts';
import type { DatabaseEnd } from './run-fleet.ts';

/* What a run over a fleet says at its end (design 18 §4). */

const failed: DatabaseEnd<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }> = {
  kind: 'failed',
  database: { name: 'north', labels: {} },
  seconds: 1,
  failures: [diagnostic('DB_ENV_MISSING', 'It is not set.')],
};

it('a repeated run skips what is done where the command does', () => {
  const messageOf = (skipsDone: boolean) => fleetFailure([failed], { skipsDone })[0]?.message;
  expect(messageOf(true)).toBe(
    '1 of 1 database failed: north. Fix what is wrong and run the same command again; it skips what is done.',
  );
  expect(messageOf(false)).toBe('1 of 1 database failed: north. Fix what is wrong and run the same command again.');
});

it('commands that only ask have nothing to skip', async () => {
  const all = await Promise.all(Object.values(operations).map(({ load }) => load()));
  const onFleets = all.flat().flatMap((each) => {
    if (each.worksOn.fleet === undefined) return [];
    const work = each.kind === 'database' ? each : each.onFleet;
    return [{ name: each.name, skipsDone: work?.skipsDone }];
  });
  const asking = onFleets.filter(({ skipsDone }) => skipsDone === false);
  expect(asking.map(({ name }) => name).sort()).toEqual([
    'check',
    'comments apply',
    'reporting apply',
    'reporting drop',
    'upgrade plan',
    'upgrade status',
  ]);
});
