import { diagnostic } from '@dms/diagnostics';
import { expect, it } from 'vitest';
import { operations } from '../commands/index.ts';
import { databaseValue, fleetFailure, fleetSummaryLines, fleetValue } from './fleet-summary.ts';
import type { DatabaseEnd } from './run-fleet.ts';

/* The summary of a run over a fleet (design 18 §4). */

type End = DatabaseEnd<{ readonly name: string; readonly labels: Readonly<Record<string, string>> }>;

const failed: End = {
  kind: 'failed',
  database: { name: 'north', labels: {} },
  seconds: 1,
  failures: [diagnostic('DB_ENV_MISSING', 'It is not set.')],
};

/** The end of a database whose work was done. */
const ended = (name: string, outcome: string): End => ({
  kind: 'done',
  database: { name, labels: {} },
  seconds: 2,
  result: { outcome, detail: '', value: { hash: 'ab' }, diagnostics: [], failures: [] },
});

it('counts how the databases ended, what was done before what was not, and why those that failed did', () => {
  const notStarted: End = { kind: 'notStarted', database: { name: 'west', labels: {} } };
  const ends = [failed, notStarted, ended('south', 'skipped'), ended('east', 'provisioned'), ended('up', 'skipped')];
  expect(fleetSummaryLines(ends)).toEqual([
    '5 databases: 1 provisioned, 2 skipped, 1 failed, 1 not started',
    '  1 DB_ENV_MISSING: north',
  ]);
  expect(fleetValue(ends)).toEqual({
    databases: 5,
    failed: 1,
    outcomes: { provisioned: 1, skipped: 2, failed: 1, 'not started': 1 },
    failures: [{ code: 'DB_ENV_MISSING', databases: ['north'] }],
  });
  expect(ends.map((end) => databaseValue(end, 'provision'))).toMatchObject([
    { name: 'north', outcome: 'failed', failed: true, seconds: 1, diagnostics: [{ code: 'DB_ENV_MISSING' }] },
    { name: 'west', outcome: 'not started', failed: false, diagnostics: [] },
    { name: 'south', outcome: 'skipped', failed: false, seconds: 2, hash: 'ab' },
    { name: 'east', outcome: 'provisioned' },
    { name: 'up', outcome: 'skipped' },
  ]);
});

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
