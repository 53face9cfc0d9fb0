import { diagnostic } from '@dms/diagnostics';
import type { DatabaseEnd, FleetDatabase } from '@dms/operations';
import { expect, it } from 'vitest';
import { fleetProgressLines, fleetTable } from './on-databases.ts';

const database = (name: string, labels: Readonly<Record<string, string>> = {}): FleetDatabase => ({
  name,
  labels,
  place: { dialect: 'pgsql', sources: {}, environment: {}, folder: '.' },
  odsAdvice: '',
});

const done = (name: string, detail = '', labels?: Readonly<Record<string, string>>): DatabaseEnd<FleetDatabase> => ({
  kind: 'done',
  database: database(name, labels),
  seconds: 1,
  result: { outcome: 'provisioned', detail, value: {}, diagnostics: [], failures: [] },
});

const failed: DatabaseEnd<FleetDatabase> = {
  kind: 'failed',
  database: database('north'),
  seconds: 1,
  failures: [diagnostic('DB_ENV_MISSING', 'It is not set.'), diagnostic('DB_ENV_MISSING', 'Nor is this.')],
};

it('the table of a fleet has every database with its outcome and what was found', () => {
  expect(fleetTable([done('southern', '2 differences'), failed])).toEqual([
    'southern  provisioned  2 differences',
    'north     failed       DB_ENV_MISSING',
  ]);
  expect(fleetTable([done('south', '', { region: 'a' }), done('east')])).toEqual([
    'south  region=a  provisioned',
    'east             provisioned',
  ]);
});

it('a terminal shows sixteen databases in progress, counts the others, and cuts long lines', () => {
  const running = (count: number) =>
    new Map(Array.from({ length: count }, (_, index) => [database(`d${index + 1}`), 'reading']));
  const progress = { command: 'check', databases: 30, ends: [done('a'), failed] };
  expect(fleetProgressLines({ ...progress, running: running(1) }, 80)).toEqual([
    'check: 2 of 30 done, 1 failed',
    '  d1  reading …',
  ]);
  const many = fleetProgressLines({ ...progress, running: running(18) }, 12);
  expect(many.slice(0, 2)).toEqual(['check: 2 of…', '  d1   read…']);
  expect([many.length, many.at(-2)?.slice(0, 5), many.at(-1)]).toEqual([18, '  d16', '  and 2 more']);
});
