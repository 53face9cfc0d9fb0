import { resourceLabel } from '@dms/api-schema';
import { mustExist } from '@dms/model';
import { build } from '@dms/testing';
import { JsonNumber } from '@dms/values';
import { expect, it } from 'vitest';
import { compiled } from '../../test/bench.ts';
import { RecordedConnection } from '../../test/recorded-connection.ts';
import { KeptWork } from '../loading/load-reporter.ts';
import { ChangeApplication } from './apply-changes.ts';
import type { RecordedChange } from './recorded-change.ts';

/* Deletes that another session makes at the same time (design 19a §11). */

const school = build.resource('School', {
  identityJsonPaths: ['$.schoolId'],
  jsonSchemaForInsert: build.object({ schoolId: build.integer() }, ['schoolId']),
});
const { plans } = compiled([build.project('Core', [school])], 'v1', 'mssql');
const resource = mustExist(plans.mappingSet.model.resources[0], 'a resource');
const uuidOf = (number: number) => `aaaaaaaa-0000-4000-8000-00000000000${number}`;

const deleted = (number: number): RecordedChange => ({
  kind: 'delete',
  resource: resourceLabel(resource.resourceKey),
  uuid: uuidOf(number),
  changeVersion: BigInt(number),
  oldKey: new Map([['schoolId', new JsonNumber(String(number))]]),
  newKey: null,
  file: 'changes.jsonl',
  line: number,
});

it('counts the documents that it removes, and not those that another session has removed', async () => {
  const connection = new RecordedConnection();
  const rowOf = (number: number) => ({
    DocumentId: number,
    DocumentUuid: uuidOf(number),
    ReferentialId: uuidOf(number),
    ResourceKeyId: resource.resourceKey.id,
  });
  // the second document is gone before the lock
  connection.answer = (text) => {
    if (text.includes('UPDLOCK')) return [rowOf(1)];
    return text.includes('WHERE d.[DocumentUuid] IN') ? [rowOf(1), rowOf(2)] : [];
  };
  const kept = new KeptWork();
  const changes = new ChangeApplication(connection, plans, [deleted(1), deleted(2)], {
    kept,
    begin: () => undefined,
    rejectOrStop: async () => undefined,
  });
  await changes.before();
  expect(changes.counts.deleted).toBe(1);
  expect(kept.deleted).toBe(1);
});
