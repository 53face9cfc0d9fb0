import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { openDocuments } from '@dms/documents';
import { dayUri, scheduleSchemas } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled, server } from '../../test/bench.ts';
import { BulkTarget, RecordFiles } from '../../test/bulk-target.ts';

/*
 * Different keys of an input that are one key in the database: descriptors in other spellings, and documents that they
 * identify (design 14a §1.2).
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-merged-keys-spec-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const files = new RecordFiles(scratch);

const [namespace] = dayUri().split('#');
const day = (codeValue: string, shortDescription = codeValue.trim()) => ({
  resource: 'Core:DayDescriptor',
  document: { namespace, codeValue, shortDescription },
});
const period = (periodName: string, code: string) => ({
  resource: 'Core:Period',
  document: { periodName, schoolId: 1, dayDescriptor: dayUri(code) },
});

describe.each(mappingVersions)('keys that become one, %s', (version) => {
  const set = compiled(scheduleSchemas(), version);
  let target: BulkTarget;
  beforeAll(async () => {
    target = new BulkTarget(await server.open(set.script), set);
  });
  afterAll(() => target.bench.close());
  beforeEach(() => target.empty());

  const load = async (
    isBulk: boolean,
    name: string,
    onExisting: 'skip' | 'replace',
    ...records: readonly unknown[]
  ) => {
    const found: string[] = [];
    const onDiagnostic = ({ code, message }: { readonly code: string; readonly message: string }) =>
      void found.push(`${code}: ${message}`);
    const loaded = await target.load([files.records(`${name}.jsonl`, ...records)], isBulk, {
      onExisting,
      onDiagnostic,
    });
    return { ...loaded, found };
  };
  const periods = async () => {
    const store = openDocuments(target.bench.connection, set.plans);
    const found = await store.readPage({ projectName: 'Core', resourceName: 'Period' }, { limit: 10 });
    return found.map(({ document }) => `${document.get('periodName')} ${document.get('dayDescriptor')}`);
  };

  it.each([false, true])('are reported once each, with both spellings, and counted (bulk: %s)', async (isBulk) => {
    const { found, told, messages, summary } = await load(
      isBulk,
      'merged',
      'skip',
      ...[day('Mon'), day('MON', 'Another text'), day(' Mon '), day('Mon'), day('Tue')],
      ...[period('a', 'Mon'), period('a', 'MON'), period('a', 'Mon'), period('b', 'MON'), period('a', 'Tue')],
    );
    const of = (other: string) =>
      `LOAD_DESCRIPTORS_MERGED: Core:DayDescriptor "${namespace}#${other}" is the same descriptor as "${namespace}#Mon": letter case and white space do not tell descriptors apart. Documents with either have the spelling of the second.`;
    expect(found).toEqual([of('MON'), of(' Mon ')]);
    expect(told).toEqual([[7, 'Core:Period', ['LOAD_KEYS_MERGED']]]);
    expect(messages[0]).toContain(
      `an earlier document has the same key, with ${dayUri('Mon')} where this one has ${dayUri('MON')}.`,
    );
    expect(summary).toMatchObject({ mergedKeys: 3, total: { inserted: 5, rejected: 1 } });
    // a merged key is stored in the spelling of the first descriptor
    expect(await periods()).toEqual([`a ${dayUri('Mon')}`, `b ${dayUri('Mon')}`, `a ${dayUri('Tue')}`]);
  });

  it('with what is stored are reported too, and the input counts where it may replace', async () => {
    await load(false, 'stored', 'skip', day('Mon'), period('a', 'Mon'));
    const kept = await load(false, 'kept', 'skip', day('MON', 'Another text'));
    const stays = `SEED_CASE_DIFFERS: Core:DayDescriptor ${dayUri('MON')} is stored as ${dayUri('Mon')}, which stays.`;
    expect(kept.found).toEqual([stays]);
    expect(kept.summary).toMatchObject({ mergedKeys: 1, total: { skipped: 1 } });
    const replaced = await load(false, 'replaced', 'replace', day('MON', 'Another text'));
    expect(replaced.summary.total).toMatchObject({ replaced: 1 });
    expect(replaced.found).toEqual(version === 'v2' ? [] : [stays]);
    expect(await periods()).toEqual([`a ${dayUri(version === 'v2' ? 'MON' : 'Mon')}`]);
  });
});
