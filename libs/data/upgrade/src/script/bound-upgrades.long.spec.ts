import { Binder, recordedSystemViews, shareOf, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { trackedChanges } from '../../test/tracked-changes.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { preparationScripts } from '../preparing/prepare-scripts.ts';

/*
 * The upgrade scripts for SQL Server, bound against the tables that the script of the earlier set and the preceding
 * statements have made (design 09b §2.4).
 */

const systemViews = recordedSystemViews();

/** Evolutions that rename columns of checks and computed columns, or add a key together with a foreign key to it. */
const chosen = ['other names for columns and a table', 'other names for what is unified', 'an optional reference'];
const names = [...new Set([...chosen, ...shareOf(Object.keys(evolutions), 3)])];

const plannedOf = (name: string, version: 'v1' | 'v2') => {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  const tracked = version === 'v2' ? (trackedChanges[name]?.allowLoss ?? []) : [];
  const [before, after] = evolutionPair(evolution, version, 'mssql');
  return {
    before,
    after,
    plan: planUpgrade(before, after, { allowLoss: [...(evolution.allowLoss ?? []), ...tracked] }),
  };
};

const binderOf = (script: string, hasOnline = true): Binder => {
  const binder = new Binder({ systemViews, hasOnline });
  expect(binder.script(script)).toEqual([]);
  return binder;
};

describe.each(usualGenerations('v1'))('the upgrades of %s bind', (version) => {
  it.each(names)('%s', (name) => {
    const { before, after, plan } = plannedOf(name, version);
    expect(binderOf(before.script).script(plan.script ?? '')).toEqual([]);
    const scripts = preparationScripts(plan);
    if (scripts === null) return;
    for (const hasOnline of [true, false]) {
      const binder = binderOf(before.script, hasOnline);
      expect(binder.script(scripts.prepare), `prepare, online: ${hasOnline}`).toEqual([]);
      expect(binder.script(scripts.switch), `switch, online: ${hasOnline}`).toEqual([]);
      // the tables that the later set has
      expect(binder.script(after.script), 'the script of the later set').toEqual([]);
    }
  });
});
