import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { deriveMapping, type OdsTable } from '@dms/ods';
import { ownSchema, schemaSetOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { ShapeKeys } from '../shapes/known-shapes.ts';
import type { VerificationInput } from '../verification-input.ts';
import { checkDocumentRoundTrips } from './document-round-trips.ts';
import { documentsToTry } from './known-documents.ts';

const schemas = [ownSchema('campus')];
const input: VerificationInput = {
  ...inputOfDocuments(schemas, 'pgsql', 'v1'),
  ods: deriveMapping(schemaSetOf('v1', schemas)).mapping,
};
const keysOf = (keys: readonly string[]) => new ShapeKeys({ version: '1', keys: new Set(keys) });
const proved = documentsToTry(input, 3, keysOf([])).keys;

/** What is tried after a run that proved `input`. */
const triedAfter = (changed: VerificationInput, random = 3) => documentsToTry(changed, random, keysOf(proved));

const changedScript = (part: RegExp, other: string) => {
  const script = input.script.replace(part, other);
  expect(script).not.toBe(input.script);
  return triedAfter({ ...input, script });
};

it('tries nothing that an earlier run has proved', () => {
  expect([...triedAfter(input).resources]).toEqual([]);
  expect(triedAfter(input).known).toBe(proved.length);
});

it('writes no document where all resources are known, and counts what an earlier run has written', async () => {
  const { model, inventory } = input;
  // any statement would fail
  const unused = { dialect: 'pgsql' } as Connection;
  const found = await checkDocumentRoundTrips(unused, model, inventory, { random: 3, tried: new Set() });
  // full, minimal and three random ones
  const each = 5 * proved.length;
  expect(found).toEqual({ resources: proved.length, written: each, replaced: each, skipped: [], failures: [] });
});

it('tries the resource of a changed body, and the targets of its references', () => {
  const { known, resources } = changedScript(
    /FUNCTION "campus"\."TF_TR_Session_\w+"[\s\S]*?\nBEGIN\n/,
    '$&    NULL;\n',
  );
  expect([proved.length - known, [...resources].sort()]).toEqual([
    1,
    ['Campus:Calendar', 'Campus:District', 'Campus:School', 'Campus:SchoolYearType', 'Campus:Session'],
  ]);
});

it('tries the resources that refer to an abstract resource after a change of what a member writes to it', () => {
  const [abstract] = input.model.abstractIdentityTables;
  const { known, resources } = changedScript(
    /FUNCTION "campus"\."TF_TR_School_AbstractIdentity\w*"[\s\S]*?\nBEGIN\n/,
    '$&    NULL;\n',
  );
  const referring = input.model.resources.filter(({ documentReferenceBindings }) =>
    documentReferenceBindings.some(
      ({ targetResource }) => targetResource.resourceName === abstract?.resourceKey.resourceName,
    ),
  );
  expect(referring.length).toBeGreaterThan(0);
  expect([...resources]).toEqual(
    expect.arrayContaining(referring.map(({ resourceKey }) => resourceLabel(resourceKey))),
  );
  expect(known).toBeGreaterThan(0);
});

it('reads a statement of many characters, and strings with semicolons', () => {
  const long = `SELECT '${'a;'.repeat(1_000_000)}', 1${' + 1'.repeat(1_500_000)};\n`;
  expect(triedAfter({ ...input, script: `${input.script}\n${long}` }).known).toBe(0);
});

it('tries everything where the abstract resources or the resource keys are others', () => {
  const { model } = input;
  const [view] = model.abstractUnionViews;
  const { resourceKeys } = model.effectiveSchema;
  for (const changed of [
    { abstractUnionViews: view ? [{ ...view, unionArms: view.unionArms.slice(1) }] : [] },
    { abstractIdentityTables: [] },
    { effectiveSchema: { ...model.effectiveSchema, resourceKeys: resourceKeys.slice(1) } },
  ])
    expect(triedAfter({ ...input, model: { ...model, ...changed } }).known, Object.keys(changed).join()).toBe(0);
});

it('tries everything after a change of the core, and of the number of random documents', () => {
  expect(changedScript(/CREATE TABLE IF NOT EXISTS "dms"."Document"\n\(/, '$& "More" int,').known).toBe(0);
  expect(triedAfter(input, 4).known).toBe(0);
});

it('tries a resource whose view has changed, and those whose rows refer to its rows', () => {
  const { ods } = input;
  if (ods === undefined) throw new Error('the set has no mapping of an ODS');
  const withoutLast = (table: OdsTable) =>
    table.name === 'Session' ? { ...table, columns: table.columns.slice(0, -1) } : table;
  const { known } = triedAfter({ ...input, ods: { ...ods, tables: ods.tables.map(withoutLast) } });
  const referring = ods.tables.filter(({ foreignKeys }) =>
    foreignKeys.some(({ targetTable }) => targetTable.name === 'Session'),
  );
  expect(proved.length - known).toBe(
    new Set(['Session', ...referring.flatMap(({ sources }) => sources.map(({ resource }) => resource.resourceName))])
      .size,
  );
  expect(referring.length).toBeGreaterThan(0);
});
