import { occasionSchemas, scriptedSet, serverEngine } from '@dms/testing';
import { expect, it } from 'vitest';
import { compareDatabase } from './compare-database.ts';

it.each([
  ['is empty', '', true, 'GATE_NOT_PROVISIONED', 'the database is empty. Provision it.'],
  [
    'is of another product',
    'CREATE SCHEMA core; CREATE TABLE core."Other" (a int);',
    true,
    'GATE_NOT_PROVISIONED',
    'another product',
  ],
  [
    'has only a part of the core schema',
    'CREATE SCHEMA dms; CREATE TABLE dms."Other" (a int);',
    false,
    'VERIFY_CATALOG_DIFFERS',
    '',
  ],
])('a database that %s', async (_, script, isStrange, code, text) => {
  const { model, script: wanted, catalog } = scriptedSet(occasionSchemas(), 'pgsql', 'v2', false);
  const info = { ...model.effectiveSchema, schemas: [] };
  const { connection, close } = await serverEngine.open(script);
  try {
    const service = async () => null;
    const drift = await compareDatabase(connection, { info, script: wanted, catalog, service }, {});
    expect(drift.isStrange).toBe(isStrange);
    expect(drift.failures.filter((failure) => failure.code === code).map(({ message }) => message)).toEqual([
      expect.stringContaining(text),
    ]);
    expect(drift.diff.differences.length > 0).toBe(!isStrange);
  } finally {
    await close();
  }
});
