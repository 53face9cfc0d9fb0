import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@dms/databases';
import { reportText } from '@dms/diagnostics';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contentsOf } from '../../test/bench.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { sessionForAll } from '../../test/sessions.ts';
import { filled } from '../../test/upgraded.ts';
import { applyUpgrade, upgradedReport } from '../index.ts';

/* How long others waited (design 12 §7): from the first lock to the commit, or to the end of a dry run. */

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const [before, after] = schoolPair(withMotto);

beforeEach(() => filled(connection, before, contentsOf(before.model)));
afterEach(() => vi.restoreAllMocks());

const pause = 50;

/** Makes an action of the session last longer. */
function slow(name: 'begin' | 'commit' | 'rollback'): void {
  const action = connection[name].bind(connection);
  vi.spyOn(connection, name).mockImplementation(async () => {
    await delay(pause);
    await action();
  });
}

/** Applies an upgrade; returns its report, the seconds that it was locked and the seconds that it took in all. */
async function applied(dryRun = false) {
  const start = performance.now();
  const upgraded = await applyUpgrade(connection, before, after, { dryRun });
  const lines = reportText(upgradedReport(upgraded));
  return { upgraded, lines, locked: upgraded.lockedSeconds ?? Number.NaN, all: (performance.now() - start) / 1000 };
}

it.each([
  [false, 'commit'],
  [true, 'rollback'],
] as const)('an upgrade (dry run: %s) counts until the %s has ended', async (dryRun, end) => {
  slow(end);
  const { upgraded, locked, all } = await applied(dryRun);
  expect(locked).toBeGreaterThanOrEqual((pause - 2) / 1000);
  expect(locked).toBeLessThanOrEqual(all);
  // a busy machine may take longer than a second
  const quick = reportText(upgradedReport({ ...upgraded, lockedSeconds: pause / 1000 }));
  expect(quick).toContain('Tables were locked for less than 1 s');
});

it('does not count what passes before the first lock, and has nothing to say where nothing was locked', async () => {
  slow('begin');
  const { locked, all } = await applied();
  expect(all - locked).toBeGreaterThanOrEqual((pause - 2) / 1000);
  const { upgraded, lines } = await applied();
  expect([upgraded.outcome, upgraded.lockedSeconds]).toEqual(['alreadyUpgraded', null]);
  expect(lines.join('\n')).not.toContain('locked');
});
