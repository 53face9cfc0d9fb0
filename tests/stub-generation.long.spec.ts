import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DmsError } from '../libs/base/diagnostics/src/index.ts';
import { dialects, givenScript, type SqlDialect } from '../libs/base/sql/src/index.ts';
import { labelledResource } from '../libs/compiler/api-schema/src/index.ts';
import type { CatalogRules } from '../libs/compiler/catalog/src/catalog-rules.ts';
import type { InventoryRules } from '../libs/compiler/inventory/src/inventory-rules.ts';
import type { PlanGeneration } from '../libs/compiler/plans/src/generation.ts';
import type { CheckingGeneration } from '../libs/data/checking/src/checking-generation.ts';
import { checkData, repairData } from '../libs/data/checking/src/index.ts';
import { parseTarget } from '../libs/data/databases/src/index.ts';
import type { DocumentGeneration } from '../libs/data/documents/src/document-generation.ts';
import { type DocumentStore, openDocuments } from '../libs/data/documents/src/index.ts';
import { compiled, named, seedDescriptors } from '../libs/data/documents/test/bench.ts';
import {
  campusDocuments,
  fall,
  fillCampus,
  maths,
  period,
  plain,
  school,
  session,
} from '../libs/data/documents/test/campus-documents.ts';
import type { BulkRules } from '../libs/data/loading/src/bulk/bulk-rules.ts';
import { BulkTarget, RecordFiles } from '../libs/data/loading/test/bulk-target.ts';
import { applyUpgrade, parseRename } from '../libs/data/upgrade/src/index.ts';
import type { UpgradeGeneration } from '../libs/data/upgrade/src/upgrade-generation.ts';
import { contentsOf, compiled as upgradeSet } from '../libs/data/upgrade/test/bench.ts';
import {
  documentsOf,
  laterDocument,
  type RenameEvolution,
  renameEvolutions,
} from '../libs/data/upgrade/test/rename-evolutions.ts';
import { verifyScript, verifyUpgrade } from '../libs/data/verification/src/index.ts';
import type { VerificationGeneration } from '../libs/data/verification/src/verification-generation.ts';
import { verificationSteps } from '../libs/data/verification/src/verification-report.ts';
import { inputOfDocuments } from '../libs/data/verification/test/inputs.ts';
import { emitArtifacts } from '../libs/product/operations/src/index.ts';
import { type DatabaseOfSpec, serverEngine, serverUrl } from '../libs/testing/src/index.ts';
import { ownSchema, ownSchemaFile, ownSchemas } from '../libs/testing/src/own-fixtures.ts';

/*
 * Runs the product with two additional generations: no code asks for a version, all code asks the tables of generations
 * (docs/contributing.md, "A rule that differs between generations"). `test` has the values of the first generation.
 * `bare` stores no referential ids: its databases have neither `dms.ReferentialIdentity` nor the triggers that fill it.
 */

vi.mock('../libs/compiler/api-schema/src/mapping-version.ts', async (original) => {
  const known = await original<typeof import('../libs/compiler/api-schema/src/mapping-version.ts')>();
  return {
    ...known,
    mappingVersions: [...known.mappingVersions, 'test', 'bare'],
    fingerprintVersions: { ...known.fingerprintVersions, test: 'test', bare: 'bare' },
    generationMember: () => undefined,
    readFingerprintVersion: (text: string) => text,
    readGeneration: ({ fingerprintVersion }: { readonly fingerprintVersion: string }) => fingerprintVersion,
    readMappingVersion: (text: string, subject: string) =>
      text === 'test' || text === 'bare' ? text : known.readMappingVersion(text, subject),
  };
});

interface GenerationTable<Value> {
  readonly v1: Value;
}

/** Adds both generations to each table of generations that a module exports. */
const withBare = vi.hoisted(
  () =>
    <Value>(bareOf: (first: Value) => Value | Promise<Value>) =>
    async (original: () => Promise<object>) => {
      const isTable = (value: unknown): value is GenerationTable<Value> =>
        typeof value === 'object' && value !== null && 'v1' in value;
      const known = Object.entries(await original());
      const added = known.map(async ([name, value]) => [
        name,
        isTable(value) ? { ...value, test: value.v1, bare: await bareOf(value.v1) } : value,
      ]);
      return Object.fromEntries(await Promise.all(added));
    },
);
const withTest = vi.hoisted(() => withBare((first: unknown) => first));

vi.mock('../libs/compiler/model/src/generations.ts', withTest);
vi.mock('../libs/compiler/derivation/src/generations.ts', withTest);
vi.mock(
  '../libs/compiler/inventory/src/generations.ts',
  withBare((first: InventoryRules) => ({ ...first, triggers: { ...first.triggers, storesReferentialIds: false } })),
);
vi.mock('../libs/compiler/inventory/src/manifest/manifest-forms.ts', withTest);
vi.mock(
  '../libs/data/loading/src/generations.ts',
  withBare(async (first: BulkRules) => (await import('./natural-keys.ts')).withExistingIdentities(first)),
);
vi.mock(
  '../libs/compiler/catalog/src/generations.ts',
  withBare((first: CatalogRules) => ({
    ...first,
    coreTables: first.coreTables.filter(({ name }) => name !== 'ReferentialIdentity'),
    // without the function that computes referential ids
    objects: { pgsql: { ...first.objects.pgsql, routines: [] }, mssql: { ...first.objects.mssql, routines: [] } },
  })),
);
vi.mock('../libs/compiler/ddl/src/generations.ts', withTest);
vi.mock('../libs/compiler/laws/src/generations.ts', withTest);
vi.mock(
  '../libs/data/documents/src/generations.ts',
  withBare(async (first: DocumentGeneration) => (await import('./natural-keys.ts')).withNaturalKeys(first)),
);
vi.mock(
  '../libs/compiler/plans/src/generations.ts',
  withBare((first: PlanGeneration) => ({ ...first, core: { ...first.core, storesReferentialIds: false } })),
);
vi.mock('../libs/compiler/packs/src/generations.ts', withTest);
vi.mock('../libs/data/ods/src/generations.ts', withTest);
vi.mock(
  '../libs/data/upgrade/src/generations.ts',
  withBare((first: UpgradeGeneration) => ({
    ...first,
    upgradesFrom: ['bare' as 'v1'],
  })),
);
vi.mock(
  '../libs/data/checking/src/generations.ts',
  withBare(async (first: CheckingGeneration) => (await import('./no-identity-rows.ts')).withoutStoredIds(first)),
);
vi.mock(
  '../libs/data/verification/src/generations.ts',
  withBare(async (first: VerificationGeneration) => (await import('./no-identity-rows.ts')).withoutIdentityRows(first)),
);

const root = mkdtempSync(path.join(tmpdir(), 'dms-stub-generation-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const emitted = async (mappingVersion: string) => {
  const outputDirectory = path.join(root, mappingVersion);
  await emitArtifacts({
    schemas: ownSchemas.map(ownSchemaFile),
    mappingVersion: mappingVersion as 'v1',
    dialects: ['pgsql', 'mssql'],
    outputDirectory,
  });
  const names = readdirSync(outputDirectory).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(outputDirectory, name), 'utf8')]));
};

test('every table of generations is known to this test', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  const mocked = [...source.matchAll(/^vi\.mock\(\s*'\.\.\/([^']+)'/gm)].map(([, name]) => name);
  const libs = path.resolve(import.meta.dirname, '..');
  const tables = readdirSync(path.join(libs, 'libs'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join('libs', name.replaceAll('\\', '/')))
    .filter(
      (name) =>
        /^libs\/(?:[^/]+\/)?[^/]+\/src\/.*\.ts$/.test(name) &&
        !name.endsWith('.spec.ts') &&
        existsSync(path.join(libs, name)),
    )
    .filter((name) => /const \w+: Readonly<Record<MappingVersion,/.test(readFileSync(path.join(libs, name), 'utf8')));
  expect(mocked.toSorted()).toEqual(
    [...new Set([...tables, 'libs/compiler/api-schema/src/mapping-version.ts'])].sort(),
  );
});

test('a generation of the first one’s rules gives the first one’s artifacts, but for its name and the fingerprint', async () => {
  const first = await emitted('v1');
  const stub = await emitted('test');
  expect([...stub.keys()]).toEqual([...first.keys()]);
  const fingerprint = (texts: ReadonlyMap<string, string>): string =>
    JSON.parse(texts.get('effective-schema.manifest.json') ?? '{}').effective_schema_hash;
  const before = fingerprint(first);
  const after = fingerprint(stub);
  expect(after).not.toBe(before);
  for (const [name, text] of stub) {
    const unhashed = (file = '') => file.replace(/^"modelHash": .*$/m, '');
    const named = unhashed(text)
      .replaceAll(after, before)
      .replaceAll(/(["'])test\1/g, '$1v1$1');
    const isHashed = name === 'ddl.manifest.json' || /^catalog\./.test(name);
    if (!isHashed) expect(named === unhashed(first.get(name)), name).toBe(true);
  }
});

describe('a generation without referential ids', () => {
  test('has no artifact that names them', async () => {
    const artifacts = await emitted('bare');
    expect([...artifacts.keys()]).toEqual([...(await emitted('v1')).keys()]);
    const naming = [...artifacts].filter(([, text]) => /ReferentialI|uuidv5/i.test(text)).map(([name]) => name);
    expect(naming).toEqual([]);
  });

  describe('writes and reads documents', () => {
    let database: DatabaseOfSpec;
    let store: DocumentStore;
    const schools = named('Campus:School');
    const codeOf = (action: Promise<unknown>) =>
      action.then(
        () => null,
        (error: DmsError) => error.code,
      );

    beforeAll(async () => {
      const { plans, script } = compiled([ownSchema('campus')], 'pgsql', 'bare' as 'v1');
      database = await serverEngine.open(script);
      store = openDocuments(database.connection, plans);
      await fillCampus(database.connection, store);
    });
    afterAll(() => database.close());

    test('whose identities are values, descriptors and the identities of others', async () => {
      for (const [label, document] of campusDocuments)
        expect(await store.upsert(named(label), plain(document)), label).toMatchObject({ kind: 'unchanged' });
      const { uuid } = await store.upsert(schools, plain({ ...school, schoolName: 'South' }));
      const [read] = await store.read([uuid]);
      expect(read).toMatchObject({ document: plain({ ...school, schoolName: 'South' }), referentialId: null });
    });

    test('that are found by a descriptor', async () => {
      const filters = [{ path: '$.termDescriptor', value: fall }];
      const found = await store.readPage(named('Campus:Session'), { filters, limit: 5 });
      expect(found.map(({ document }) => document)).toEqual([plain(session)]);
    });

    test('but none whose target is not there', async () => {
      const elsewhere = plain({ ...period('first'), schoolReference: { schoolId: 101 } });
      expect(await codeOf(store.upsert(named('Campus:ClassPeriod'), elsewhere))).toBe('DOCUMENT_REFERENCE_UNRESOLVED');
    });

    test('but none with the identity of a document of the superclass', async () => {
      const district = plain({ districtId: 100, districtName: 'All' });
      await expect(store.upsert(named('Campus:District'), district)).rejects.toThrow(
        /^DOCUMENT_EXISTS: Campus:District with .* has the same identity as Campus:School .*, a document of their superclass/,
      );
    });

    test('whose rows are checked, and repaired where others decide', async () => {
      const { connection } = database;
      const input = inputOfDocuments([ownSchema('campus')], 'pgsql', 'bare' as 'v1');
      expect(await checkData(connection, input)).toEqual([]);
      const uri = `UPDATE dms."Descriptor" SET "Uri" = "Namespace" || '#' || `;
      const ofTerm = `WHERE "CodeValue" = 'Fall'`;
      const ofSchools = 'campus."EducationOrganizationIdentity" SET "EducationOrganizationId" = 101';
      await connection.execute(
        givenScript(
          `SET session_replication_role = replica; ${uri} 'Autumn' ${ofTerm}; UPDATE ${ofSchools}; SET session_replication_role = origin`,
        ),
      );
      const undecided = { kind: 'descriptorUri', object: 'dms.Descriptor', count: 1, repairable: false };
      expect(await checkData(connection, input)).toMatchObject([
        undecided,
        { kind: 'abstractIdentity', repairable: true },
      ]);
      expect(await repairData(connection, input)).toMatchObject([undecided]);
      await connection.execute(givenScript(`${uri} "CodeValue" ${ofTerm}`));
      expect(await checkData(connection, input)).toEqual([]);
    });

    test('whose identity changes where it may', async () => {
      const periods = named('Campus:ClassPeriod');
      const { uuid } = await store.upsert(periods, plain(period('second')));
      expect(await store.replace(periods, uuid, plain(period('third')))).toMatchObject({ kind: 'replaced' });
      expect(await store.upsert(periods, plain(period('third')))).toMatchObject({ kind: 'unchanged', uuid });
      await store.remove(uuid);
      expect(await store.read([uuid])).toEqual([]);
      const { uuid: ofSchool } = await store.upsert(schools, plain(school));
      const renumbered = store.replace(schools, ofSchool, plain({ ...school, schoolId: 102 }));
      expect(await codeOf(renumbered)).toBe('DOCUMENT_IDENTITY_CHANGED');
    });
  });

  describe('loads documents in bulk', () => {
    const descriptor = (resource: string, uri: string) => {
      const [namespace, codeValue] = uri.split('#');
      return { resource, document: { namespace, codeValue, shortDescription: codeValue } };
    };
    const records = [
      descriptor('Campus:TermDescriptor', fall),
      descriptor('Campus:SubjectDescriptor', maths),
      ...campusDocuments.map(([resource, document]) => ({ resource, document })),
    ];
    let target: BulkTarget;
    let file: string;

    beforeAll(async () => {
      const set = compiled([ownSchema('campus')], 'pgsql', 'bare' as 'v1');
      target = new BulkTarget(await serverEngine.open(set.script), set);
      file = new RecordFiles(root).records('campus.jsonl', ...records);
    });
    afterAll(() => target.bench.close());
    beforeEach(() => target.empty());

    const stored = async () => {
      const store = openDocuments(target.bench.connection, target.set.plans);
      const found: unknown[] = [];
      for (const [label] of campusDocuments)
        found.push((await store.readPage(named(label), { limit: 5 })).map(({ document }) => document));
      return found;
    };

    test('as a plain load does', async () => {
      const { summary } = await target.load([file], false);
      const plainly = await stored();
      await target.empty();
      expect((await target.load([file], true)).summary.total).toEqual(summary.total);
      expect(await stored()).toEqual(plainly);
      expect(plainly).toEqual(campusDocuments.map(([, document]) => [plain(document)]));
    });

    test('and finds those that are there, by whichever name', async () => {
      await target.load([file], true);
      const { summary } = await target.load([file], true, { onExisting: 'skip' });
      expect(summary.total).toMatchObject({ inserted: 0, skipped: campusDocuments.length, rejected: 0 });
      const district = { resource: 'Campus:District', document: { districtId: 100, districtName: 'All' } };
      const more = { resource: 'Campus:ClassPeriod', document: period('second') };
      const added = await target.load([new RecordFiles(root).records('more.jsonl', district, more)], true);
      expect(added.told).toEqual([[1, 'Campus:District', ['DOCUMENT_EXISTS']]]);
      expect(added.summary.total).toMatchObject({ inserted: 1, rejected: 1 });
    });
  });

  describe('upgrades a database', () => {
    const of = (name: string): RenameEvolution => {
      const evolution = renameEvolutions[name];
      if (!evolution) throw new Error(name);
      return evolution;
    };
    const identity = of('a part of an identity that passes through references');
    const descriptor = of('a descriptor resource');
    const evolution: RenameEvolution = {
      ...identity,
      text: { ...identity.text, ...descriptor.text },
      renames: [...identity.renames, ...descriptor.renames],
    };
    const renames = evolution.renames.map(parseRename);
    const setsFor = (dialect: SqlDialect) =>
      documentsOf(evolution).map((schemas) => upgradeSet(schemas, dialect, 'bare' as 'v1'));

    test.each(dialects)('without a statement for them: %s', async (dialect) => {
      const [before, after] = setsFor(dialect);
      if (!before || !after) throw new Error('two sets');
      const { plan, documents } = await verifyUpgrade(before, after, { renames });
      expect(plan.verdict).toBe('rewritten');
      expect(plan.items).toContainEqual(expect.objectContaining({ class: 'rewritten', change: 'descriptor renamed' }));
      expect(plan.statements.length).toBeGreaterThan(0);
      expect(documents === null).toBe(dialect === 'mssql');
      expect(JSON.stringify(plan)).not.toMatch(/ReferentialI|referential id|uuidv5/i);
    });

    test('whose documents are found by their new identities', async () => {
      const [before, after] = setsFor('pgsql');
      if (!before || !after) throw new Error('two sets');
      const { connection, close } = await serverEngine.open(before.script);
      const { descriptors, documents } = contentsOf(before.model);
      await seedDescriptors(connection, before.plans, descriptors);
      const earlier = openDocuments(connection, before.plans);
      for (const { resource, uuid, document } of documents)
        expect(await earlier.upsertBatch(labelledResource(resource), [{ document, uuid }])).toMatchObject([
          { kind: 'inserted' },
        ]);
      expect(await applyUpgrade(connection, before, after, { renames })).toMatchObject({ outcome: 'upgraded' });
      expect(await checkData(connection, after)).toEqual([]);
      const later = openDocuments(connection, after.plans);
      for (const { resource, uuid, document } of documents)
        expect(
          await later.upsertBatch(labelledResource(resource), [{ document: laterDocument(evolution, document) }]),
        ).toMatchObject([{ kind: 'unchanged', uuid }]);
      await close();
    });
  });

  test('passes verification, with the behaviour of its triggers', async () => {
    const input = inputOfDocuments([ownSchema('campus')], 'pgsql', 'bare' as 'v1');
    const { target } = parseTarget(await serverUrl(), 'pgsql');
    const report = await verifyScript(target, input, { scratchDatabase: `dms_verify_bare${process.pid}` });
    expect(report.diagnostics).toEqual([]);
    expect(report.behaviour.failures).toEqual([]);
    expect(report.steps.map(({ name, result }) => `${name} ${result}`)).toEqual(
      verificationSteps.map((name) => `${name} ${name === 'reporting' ? 'skipped' : 'passed'}`),
    );
  });
});
