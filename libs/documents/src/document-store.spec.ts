import { canonicalText } from '@dms/canonical-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, engines, json, named, ownSet } from '../test/bench.ts';
import { type DocumentStore, openDocuments } from './index.ts';

const [district] = [named('Campus:District')];

describe.each(engines)('documents on $name', ({ open }) => {
  let bench: Bench;
  let store: DocumentStore;

  beforeAll(async () => {
    const { plans, script } = ownSet();
    bench = await open(script);
    store = openDocuments(bench.connection, plans);
  }, 120_000);

  afterAll(() => bench.close());

  it('what is written is read back, digit by digit', async () => {
    const text =
      '{"districtId":9007199254740993,"districtName":"O\'Neil \\"east\\" \\\\ {NULL}","foundedOn":"1901-02-03","officeHours":{"opensAt":"08:00:00","byAppointmentOnly":false},"phoneNumbers":[{"phoneNumber":"+1 555","isPublic":true},{"phoneNumber":"NULL"}]}';
    const written = await store.upsert(district, json(text));
    expect(written.kind).toBe('inserted');
    const [found] = await store.read([written.uuid]);
    expect(canonicalText(found!.document)).toBe(canonicalText(json(text)));
    expect(found).toMatchObject({ resource: 'Campus:District', uuid: written.uuid, contentVersion: written.contentVersion });
  });
});
