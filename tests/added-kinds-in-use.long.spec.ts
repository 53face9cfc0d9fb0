import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { dialects, givenScript, trusted } from '../libs/base/sql/src/index.ts';
import { JsonNumber } from '../libs/base/values/src/index.ts';
import { parseTarget } from '../libs/data/databases/src/index.ts';
import { openDocuments } from '../libs/data/documents/src/index.ts';
import { compiled as documentSet, named } from '../libs/data/documents/test/bench.ts';
import { plain } from '../libs/data/documents/test/campus-documents.ts';
import { deriveMapping } from '../libs/data/ods/src/index.ts';
import { viewsOf } from '../libs/data/ods/test/views.ts';
import { compiled } from '../libs/data/upgrade/test/bench.ts';
import { verifyScript, verifyUpgrade } from '../libs/data/verification/src/index.ts';
import { verificationSteps } from '../libs/data/verification/src/verification-report.ts';
import { inputOfDocuments } from '../libs/data/verification/test/inputs.ts';
import { emitArtifacts } from '../libs/product/operations/src/index.ts';
import { type Document, mainGenerations, schemaSetOf, serverEngine, serverUrl } from '../libs/testing/src/index.ts';
import {
  array,
  type JsonRecord,
  object,
  project,
  reference,
  resource,
  scalarPath,
  string,
} from '../libs/testing/src/schema-builder.ts';

/*
 * Runs the product with two kinds of values that it does not have, each with a type of its own in both dialects: UUIDs,
 * and whole numbers of 16 bits. They have only what a property type has by docs/contributing.md, "Where each kind of
 * thing is made": a row in `kindFacts`, a row in `valueKinds`, and a number in packs.
 */

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

vi.mock('../libs/base/sql/src/logical-kinds.ts', async (original) => {
  const known = await original<typeof import('../libs/base/sql/src/logical-kinds.ts')>();
  const { Int32 } = known.kindFacts;
  const fixed = (name: string, count: number) => ({
    typeName: () => name,
    size: () => ({ inRow: count, most: count, isFixed: true }),
  });
  const lower = (value: string) => `LOWER(CONVERT(nvarchar(36), ${value}))`;
  return {
    ...known,
    kindFacts: {
      ...known.kindFacts,
      Uuid: {
        json: 'string',
        schema: { type: 'string', format: 'uuid' },
        words: 'a UUID',
        integerBits: null,
        forms: { String: { document: (text: string) => text, pgsql: known.castText, mssql: lower } },
        longestText: () => 36,
        manifestName: 'guid',
        packName: 'guid',
        textForm: 'text',
        queryType: 'string',
        odsType: 'uuid',
        pgsql: { ...fixed('uuid', 16), identityText: known.castText },
        mssql: { ...fixed('uniqueidentifier', 16), identityText: lower, clientText: lower },
      },
      Int16: {
        ...Int32,
        schema: { type: 'integer', format: 'int16' },
        words: 'an integer (int16)',
        integerBits: 16,
        longestText: () => known.integerLength(16),
        manifestName: 'int16',
        packName: 'int16',
        odsType: 'smallint',
        pgsql: { ...Int32.pgsql, ...fixed('smallint', 2) },
        mssql: { ...Int32.mssql, ...fixed('smallint', 2) },
      },
    },
  };
});

vi.mock('../libs/data/documents/src/values/value-kinds.ts', async (original) => {
  const known = await original<typeof import('../libs/data/documents/src/values/value-kinds.ts')>();
  const { Int32, Date: text } = known.valueKinds;
  const uuid = (number: number) => `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const lower = (value: unknown) => String(value).toLowerCase();
  const near = ['0', '1', '2'].map((end) => `a0000000-0000-4000-8000-00000000000${end}`);
  const small = (number: number) => String(1000 + (number % 30_000));
  return {
    ...known,
    valueKinds: {
      ...known.valueKinds,
      Uuid: {
        ...text,
        expected: 'a string with a UUID',
        stored: (value: unknown) =>
          typeof value !== 'string'
            ? undefined
            : uuidPattern.test(value)
              ? { value: lower(value) }
              : { reason: 'is not a UUID' },
        fromDatabase: lower,
        json: lower,
        written: { expected: 'a UUID', read: (given: string) => (uuidPattern.test(given) ? given : undefined) },
        sample: uuid,
        tried: { nth: uuid, near: () => near },
      },
      Int16: {
        ...Int32,
        stored: (...given: Parameters<typeof Int32.stored>) => {
          const found = Int32.stored(...given);
          const isFitting = Math.abs(Number(found?.value ?? 0)) < 2 ** 15;
          return isFitting ? found : { reason: 'is not between -32767 and 32767' };
        },
        sample: (number: number) => new JsonNumber(small(number)),
        tried: { nth: small, near: () => ['0', '1', '-1', '32000', '32001'] },
      },
    },
  };
});

vi.mock('../libs/compiler/packs/src/wire/pack-format.ts', async (original) => {
  const known = await original<typeof import('../libs/compiler/packs/src/wire/pack-format.ts')>();
  return { ...known, scalarKind: { ...known.scalarKind, int16: 100 } };
});

const uuid = { type: 'string', format: 'uuid' };
const int16 = { type: 'integer', format: 'int16' };
const int32 = { type: 'integer', format: 'int32' };

/** Permits with a UUID and a small number as their identity, and uses of them that repeat both. */
const permits = (members: { readonly note: JsonRecord; readonly seats: JsonRecord }): Document =>
  project('Campus', [
    resource('Permit', {
      allowIdentityUpdates: true,
      identityJsonPaths: ['$.permitKey', '$.zone'],
      documentPathsMapping: { Note: scalarPath('$.note'), Seats: scalarPath('$.seats') },
      jsonSchemaForInsert: object({ permitKey: uuid, zone: int16, ...members }, ['permitKey', 'zone']),
    }),
    resource('PermitUse', {
      identityJsonPaths: ['$.permitReference.permitKey', '$.permitReference.zone', '$.useName'],
      documentPathsMapping: {
        Permit: reference('Campus:Permit', [
          ['$.permitKey', '$.permitReference.permitKey'],
          ['$.zone', '$.permitReference.zone'],
        ]),
        GateKey: scalarPath('$.gates[*].gateKey'),
        Level: scalarPath('$.gates[*].level'),
      },
      arrayUniquenessConstraints: [{ paths: ['$.gates[*].gateKey'] }],
      jsonSchemaForInsert: object(
        {
          permitReference: object({ permitKey: uuid, zone: int32 }, ['permitKey', 'zone']),
          useName: string(20),
          gates: array(object({ gateKey: uuid, level: int16 }, ['gateKey'])),
        },
        ['permitReference', 'useName'],
      ),
    }),
  ]);

const before = permits({ note: uuid, seats: int16 });
/** The note becomes a text, and there may be more seats. */
const after = permits({ note: string(36), seats: int32 });

const folder = mkdtempSync(path.join(tmpdir(), 'dms-added-kinds-in-use-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the artifacts have the added types', async () => {
  const schema = path.join(folder, 'ApiSchema.json');
  writeFileSync(schema, JSON.stringify(before));
  const outputDirectory = path.join(folder, 'artifacts');
  await emitArtifacts({ schemas: [schema], mappingVersion: 'v1', dialects: ['pgsql', 'mssql'], outputDirectory });
  const script = (dialect: string) => readFileSync(path.join(outputDirectory, `${dialect}.sql`), 'utf8');
  expect(script('pgsql')).toMatch(/"PermitKey" uuid NOT NULL/);
  expect(script('pgsql')).toMatch(/"Seats" smallint/);
  expect(script('mssql')).toMatch(/\[PermitKey\] uniqueidentifier NOT NULL/);
  expect(script('mssql')).toMatch(/\[Zone\] smallint NOT NULL/);
});

describe.each(mainGenerations)('in %s', (version) => {
  test('verification passes, with triggers, documents and views of an ODS', async () => {
    const input = inputOfDocuments([before], 'pgsql', version);
    const { target } = parseTarget(await serverUrl(), 'pgsql');
    const ods = deriveMapping(schemaSetOf(version, [before])).mapping;
    const report = await verifyScript(
      target,
      { ...input, ods },
      { scratchDatabase: `dms_verify_kinds${process.pid}${version}` },
    );
    expect(report.diagnostics).toEqual([]);
    expect(report.behaviour.failures).toEqual([]);
    expect(report.steps.map(({ name, result }) => `${name} ${result}`)).toEqual(
      verificationSteps.map((name) => `${name} passed`),
    );
  });

  test.each(dialects)('an upgrade of %s gives the values other types', async (dialect) => {
    const [earlier, later] = [before, after].map((schema) => compiled([schema], dialect, version));
    if (!earlier || !later) throw new Error('two sets');
    const { plan, documents } = await verifyUpgrade(earlier, later);
    expect(plan.items.map(({ change }) => change)).toEqual(expect.arrayContaining(['type converted', 'type wider']));
    if (dialect === 'pgsql') expect(documents).toBeGreaterThan(0);
  });

  test('a view of an ODS on SQL Server has the types', () => {
    const { reporting } = viewsOf([before], { mappingVersion: version, dialect: 'mssql', exactTypes: true });
    expect(reporting.text).toMatch(/CREATE OR ALTER VIEW \[campus\]\.\[Permit\] AS/);
    expect(reporting.text).not.toMatch(/AS (?:int|nvarchar\(36\))\) AS \[(?:PermitKey|Zone)\]/);
  });

  test('a view of an ODS has the types and the values', async () => {
    const { script, reporting } = viewsOf([before], { mappingVersion: version, exactTypes: true });
    const { plans } = documentSet([before], 'pgsql', version);
    const database = await serverEngine.open(script);
    try {
      const store = openDocuments(database.connection, plans);
      const permitKey = 'A0000000-0000-4000-8000-00000000000B';
      const permit = { permitKey, zone: 7, seats: 32_767 };
      await store.upsert(named('Campus:Permit'), plain(permit));
      await expect(store.upsert(named('Campus:Permit'), plain({ ...permit, seats: 32_768 }))).rejects.toThrow(/32767/);
      await database.connection.execute(givenScript(reporting.text));
      const [row] = await database.connection.query(
        trusted(
          'SELECT permitkey, zone, pg_typeof(permitkey)::text AS key, pg_typeof(zone)::text AS number FROM campus.permit',
        ),
        [],
      );
      expect(row).toEqual({ permitkey: permitKey.toLowerCase(), zone: 7, key: 'uuid', number: 'smallint' });
    } finally {
      await database.close();
    }
  });
});
