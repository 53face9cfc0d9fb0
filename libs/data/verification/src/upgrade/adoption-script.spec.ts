import { upgradeScriptFindings } from '@dms/script-checks';
import { textOf } from '@dms/sql';
import { ownSchema, ownSchemasV2 } from '@dms/testing';
import { planAdoption } from '@dms/upgrade';
import { expect, it } from 'vitest';
import { provisionedSet } from '../../test/upgrade-sets.ts';

/* The script that adopts a SQL Server database of the service (design 12a §4), without a server to run it. */

it('replaces every trigger and function in place, guarded, and writes no row', () => {
  const set = provisionedSet(ownSchemasV2.map(ownSchema), 'mssql', 'v2');
  const { plan } = planAdoption(set);
  const script = plan.script ?? '';
  expect(upgradeScriptFindings(script)).toEqual([]);
  const triggers = set.catalog.tables.flatMap(({ triggers: own }) => own).map(({ name }) => name);
  const made = [...script.matchAll(/^CREATE OR ALTER TRIGGER \[\w+\]\.\[(\w+)\]$/gm)].map(([, name]) => name);
  expect(made.sort()).toEqual(triggers.sort());
  expect(triggers.length).toBeGreaterThan(50);
  const steps = new Set(plan.statements.map(({ step }) => step));
  expect(steps).toEqual(new Set(['make code', 'history']));
  expect(script).not.toMatch(/^DROP /m);
  const changing = plan.statements.filter(({ sql }) => !textOf(sql).startsWith('CREATE OR ALTER '));
  expect(changing.map(({ step }) => step)).toEqual(['history']);
});
