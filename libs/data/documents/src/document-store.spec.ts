import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { trusted } from '@dms/sql';
import { type DatabaseOfSpec, provisionedEngines } from '@dms/testing';
import { canonicalText, type JsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, named, ownSet } from '../test/bench.ts';
import { fillCampus, offering, period, plain, school, section, staff } from '../test/campus-documents.ts';
import { type DocumentStore, openDocuments, referentialIdOf } from './index.ts';

const district = named('Campus:District');
const people = named('Campus:Staff');
const periods = named('Campus:ClassPeriod');
const schools = named('Campus:School');
const sections = named('Campus:Section');
const leagues = named('Athletics:AthleticLeague');

async function errorOf(action: Promise<unknown>) {
  try {
    await action;
  } catch (error) {
    if (error instanceof DmsError) return error.diagnostics[0];
    throw error;
  }
  throw new Error('nothing was refused');
}

describe.each(provisionedEngines())('documents on $name', ({ open }) => {
  let bench: DatabaseOfSpec;
  let store: DocumentStore;
  let connection: Connection;
  let roundTrips = 0;

  /** A connection that counts the calls of every member that sends something. */
  function counted(inner: Connection): Connection {
    const count =
      <Arguments extends unknown[], Result>(send: (...args: Arguments) => Result) =>
      (...args: Arguments): Result => {
        roundTrips += 1;
        return send(...args);
      };
    return {
      ...inner,
      execute: count(inner.execute),
      query: count(inner.query) as Connection['query'],
      queryEach: count(inner.queryEach),
      queryAll: count(inner.queryAll),
      begin: count(inner.begin),
      commit: count(inner.commit),
      rollback: count(inner.rollback),
    };
  }

  beforeAll(async () => {
    const { plans, script } = ownSet();
    bench = await open(script);
    connection = counted(bench.connection);
    store = openDocuments(connection, plans, { retry: { delay: () => 1 } });
    await fillCampus(bench.connection, store);
  });

  afterAll(() => bench.close());

  const textOf = async (uuid: string) => {
    const [found] = await store.read([uuid]);
    return found && canonicalText(found.document);
  };
  const versionOf = async (uuid: string) => (await store.read([uuid]))[0]?.contentVersion;
  const documentCount = async () => {
    const [row] = await connection.query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM dms."Document"'));
    return row?.n;
  };

  describe('upsert', () => {
    it('writes what is read back, digit by digit', async () => {
      const document = json(
        '{"districtId":9007199254740993,"districtName":"O\'Neil \\"east\\" \\\\ {NULL}","foundedOn":"1901-02-03","officeHours":{"opensAt":"08:00:00","byAppointmentOnly":false},"phoneNumbers":[{"phoneNumber":"+1 555","isPublic":true},{"phoneNumber":"NULL"}]}',
      );
      const written = await store.upsert(district, document);
      expect(written.kind).toBe('inserted');
      const [found] = await store.read([written.uuid]);
      expect(canonicalText(found!.document)).toBe(canonicalText(document));
      expect(found).toMatchObject({
        resource: 'Campus:District',
        uuid: written.uuid,
        documentId: written.documentId,
        contentVersion: written.contentVersion,
      });
    });

    it.each([
      '\'; DROP TABLE campus."Staff"; --',
      '{"a"}',
      '\\',
      '\\"',
      '$1',
      '@p1',
      '%s',
      ' x ',
      '',
      'NULL',
      'é',
      '\u{1F4E6}',
      '\u2028',
      '\n\t',
    ])('stores the text %j as it is', async (familyName) => {
      const document = plain({
        ...staff,
        staffUniqueId: `h${familyName}`.slice(0, 20),
        familyName,
        contactNumbers: [{ phoneNumber: `1${familyName}`.slice(0, 20) }],
      });
      const written = await store.upsert(people, document);
      expect(await textOf(written.uuid)).toBe(canonicalText(document));
      expect((await store.read([written.uuid]))[0]?.referentialId).toBe(
        (
          await connection.query<{ id: string }>(
            trusted(`SELECT "ReferentialId"::text AS id FROM dms."ReferentialIdentity" WHERE "DocumentId" = $1`),
            [written.documentId],
          )
        )[0]?.id,
      );
    });

    it('takes the uuid that is given, for a new document', async () => {
      const uuid = '6F9619FF-8B86-4011-B42D-00C04FC964FF';
      const first = await store.upsert(people, plain({ ...staff, staffUniqueId: 'uuid' }), { uuid });
      expect(first.uuid).toBe(uuid.toLowerCase());
      const second = await store.upsert(people, plain({ ...staff, staffUniqueId: 'uuid', givenName: 'Eve' }), {
        uuid: '00000000-0000-4000-8000-000000000001',
      });
      expect(second).toMatchObject({ kind: 'replaced', uuid: first.uuid, documentId: first.documentId });
    });

    it('replaces by identity, and writes nothing when nothing has changed', async () => {
      const before = plain({ ...staff, contactNumbers: [{ phoneNumber: '1' }, { phoneNumber: '2' }], hourlyRate: 5 });
      const first = await store.upsert(people, before);
      const again = await store.upsert(
        people,
        json(canonicalText(before).replace('"hourlyRate":5', '"hourlyRate":5.00')),
      );
      expect(again).toEqual({ ...first, kind: 'unchanged' });
      expect(await versionOf(first.uuid)).toBe(first.contentVersion);
      const after = plain({ ...staff, contactNumbers: [{ phoneNumber: '2' }] });
      const replaced = await store.upsert(people, after);
      expect(replaced).toMatchObject({ kind: 'replaced', uuid: first.uuid });
      expect(replaced.contentVersion).toBeGreaterThan(first.contentVersion);
      expect(await versionOf(first.uuid)).toBe(replaced.contentVersion);
      expect(await textOf(first.uuid)).toBe(canonicalText(after));
    });

    it('takes at most six round trips, whatever the number of tables', async () => {
      const full = {
        ...school,
        schoolId: 200,
        addresses: [],
        _ext: { athletics: { hasStadium: true, facilities: [{ facilityName: 'a' }, { facilityName: 'b' }] } },
      };
      for (const [document, kind] of [
        [full, 'inserted'],
        [{ ...full, schoolName: 'South' }, 'replaced'],
        [{ ...full, schoolName: 'South' }, 'unchanged'],
      ] as const) {
        roundTrips = 0;
        expect((await store.upsert(schools, plain(document))).kind).toBe(kind);
        expect(roundTrips).toBeLessThanOrEqual(6);
      }
    });

    it('refuses before any SQL what does not fit the model', async () => {
      roundTrips = 0;
      const error = await store
        .upsert(people, plain({ ...staff, isActive: 1, familyName: null }))
        .catch((e: unknown) => e);
      expect((error as DmsError).diagnostics.map(({ code }) => code)).toEqual([
        'DOCUMENT_VALUE_INVALID',
        'DOCUMENT_VALUE_MISSING',
      ]);
      expect(roundTrips).toBe(0);
    });

    it('names what is not there', async () => {
      const before = await documentCount();
      const document = {
        ...section,
        courseOfferingReference: { ...section.courseOfferingReference, localCourseCode: 'X' },
      };
      expect(await errorOf(store.upsert(sections, plain(document)))).toMatchObject({
        code: 'DOCUMENT_REFERENCE_UNRESOLVED',
        where: { resource: 'Campus:Section', path: '$.courseOfferingReference' },
        details: {
          target: 'Campus:CourseOffering',
          identity: expect.arrayContaining([{ path: '$.localCourseCode', value: 'X' }]),
        },
      });
      const unknown = {
        ...school,
        schoolId: 300,
        gradeLevelDescriptors: ['uri://sample.org/GradeLevelDescriptor#None'],
      };
      expect(await errorOf(store.upsert(schools, plain(unknown)))).toMatchObject({
        code: 'DOCUMENT_REFERENCE_UNRESOLVED',
        where: { path: '$.gradeLevelDescriptors[0]' },
        details: { target: 'Campus:GradeLevelDescriptor' },
      });
      expect(await documentCount()).toBe(before);
    });

    it('a reference to an abstract resource finds any of its members', async () => {
      await store.upsert(leagues, plain({ athleticLeagueId: 500, leagueName: 'L' }));
      const course = await store.readPage(named('Campus:Course'), { limit: 1 });
      expect(course[0] && canonicalText(course[0].document)).toContain(
        '"educationOrganizationReference":{"educationOrganizationId":100}',
      );
    });

    it('an identity that another member of the abstract resource has is refused in the terms of the document', async () => {
      const diagnostic = await errorOf(store.upsert(leagues, plain({ athleticLeagueId: 100, leagueName: 'L' })));
      expect(diagnostic).toMatchObject({ code: 'DOCUMENT_EXISTS', where: { resource: 'Athletics:AthleticLeague' } });
      expect(diagnostic.details).toMatchObject({
        holder: 'Campus:School',
        uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    });
  });

  describe('a batch', () => {
    const members = (...ids: readonly (string | number)[]) =>
      ids.map((staffUniqueId) => ({ document: plain({ ...staff, staffUniqueId }) }));

    it('costs a bad document only itself', async () => {
      const documents = [
        ...members('b1', 5, 'b2'),
        {
          document: plain({ ...staff, staffUniqueId: 'b3', supervisorReference: { staffUniqueId: 'nobody' } }),
          file: 'x.jsonl',
          line: 4,
        },
        ...members('b4'),
      ];
      const outcomes = await store.upsertBatch(people, documents);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['inserted', 'rejected', 'inserted', 'rejected', 'inserted']);
      expect(outcomes[3]).toMatchObject({
        diagnostics: [
          { code: 'DOCUMENT_REFERENCE_UNRESOLVED', where: { file: 'x.jsonl', line: 4, path: '$.supervisorReference' } },
        ],
      });
    });

    it('finds those that the database refuses', async () => {
      const leaguesOf = (...ids: number[]) =>
        ids.map((athleticLeagueId) => ({ document: plain({ athleticLeagueId, leagueName: 'L' }) }));
      const outcomes = await store.upsertBatch(leagues, leaguesOf(601, 602, 100, 603, 604, 200, 605));
      expect(outcomes.map(({ kind }) => kind)).toEqual([
        'inserted',
        'inserted',
        'rejected',
        'inserted',
        'inserted',
        'rejected',
        'inserted',
      ]);
    });

    it('a later document of an identity replaces an earlier one', async () => {
      const named2 = (givenName: string) => ({ document: plain({ ...staff, staffUniqueId: 'twice', givenName }) });
      const outcomes = await store.upsertBatch(people, [named2('One'), named2('Two'), named2('Two')]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['inserted', 'replaced', 'unchanged']);
      expect(await textOf((outcomes[0] as { uuid: string }).uuid)).toContain('"givenName":"Two"');
    });

    it('keeps what is there, or refuses it, where it is told to', async () => {
      const [first] = await store.upsertBatch(people, members('there'));
      const changed = [{ document: plain({ ...staff, staffUniqueId: 'there', givenName: 'New' }) }];
      expect(await store.upsertBatch(people, changed, { onExisting: 'skip' })).toEqual([{ ...first, kind: 'skipped' }]);
      expect(await store.upsertBatch(people, changed, { onExisting: 'fail' })).toMatchObject([
        {
          kind: 'rejected',
          diagnostics: [{ code: 'DOCUMENT_EXISTS', details: { identity: ['$.staffUniqueId = "there"'] } }],
        },
      ]);
      expect(await textOf((first as { uuid: string }).uuid)).not.toContain('New');
    });

    it('gives document ids in the order of the documents', async () => {
      const outcomes = await store.upsertBatch(
        people,
        members(...Array.from({ length: 40 }, (_, index) => `o${index}`)),
      );
      const ids = outcomes.map((outcome) => Number((outcome as { documentId: string }).documentId));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    });
  });

  describe('replace', () => {
    it('changes the identity where the resource allows it, and the copies follow', async () => {
      const { uuid } = await store.upsert(periods, plain(period('first')));
      const [found] = await store.readPage(sections, { limit: 1 });
      const written = await store.replace(periods, uuid, plain(period('renamed')));
      expect(written).toMatchObject({ kind: 'replaced', uuid });
      const [after] = await store.read([found!.uuid]);
      expect(canonicalText(after!.document)).toContain('"classPeriodName":"renamed"');
      expect((await store.read([uuid]))[0]?.referentialId).toBe(
        referentialIdOf(store.plans, periods, plain(period('renamed'))),
      );
      await store.replace(periods, uuid, plain(period('first')));
    });

    it('keeps the identity where the resource does not', async () => {
      const { uuid } = await store.upsert(schools, plain(school));
      expect(await errorOf(store.replace(schools, uuid, plain({ ...school, schoolId: 101 })))).toMatchObject({
        code: 'DOCUMENT_IDENTITY_CHANGED',
        details: { paths: ['$.schoolId'] },
      });
    });

    it('writes nothing when nothing has changed', async () => {
      const { uuid, contentVersion } = await store.upsert(people, plain({ ...staff, staffUniqueId: 'same' }));
      expect(await store.replace(people, uuid, plain({ ...staff, staffUniqueId: 'same' }))).toMatchObject({
        kind: 'unchanged',
        contentVersion,
      });
      expect(await versionOf(uuid)).toBe(contentVersion);
    });

    it('finds a document of that resource only', async () => {
      const { uuid } = await store.upsert(people, plain({ ...staff, staffUniqueId: 'other' }));
      for (const [resource, id] of [
        [periods, uuid],
        [periods, '00000000-0000-4000-8000-00000000ffff'],
      ] as const)
        expect(await errorOf(store.replace(resource, id, plain(period('x'))))).toMatchObject({
          code: 'DOCUMENT_NOT_FOUND',
        });
    });

    it('refuses the identity of another document', async () => {
      const first = await store.upsert(periods, plain(period('p1')));
      await store.upsert(periods, plain(period('p2')));
      expect(await errorOf(store.replace(periods, first.uuid, plain(period('p2'))))).toMatchObject({
        code: 'DOCUMENT_EXISTS',
      });
    });
  });

  describe('remove', () => {
    it('removes a document with all its rows', async () => {
      const { uuid } = await store.upsert(
        people,
        plain({ ...staff, staffUniqueId: 'gone', contactNumbers: [{ phoneNumber: '1' }] }),
      );
      await store.remove(uuid);
      expect(await store.read([uuid])).toEqual([]);
      expect(await errorOf(store.remove(uuid))).toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
    });

    it('refuses what others refer to, and names them', async () => {
      const [found] = await store.readPage(named('Campus:CourseOffering'), { limit: 1 });
      expect(await errorOf(store.remove(found!.uuid))).toMatchObject({
        code: 'DOCUMENT_IN_USE',
        details: { resources: ['Campus:Section'] },
      });
      expect(await textOf(found!.uuid)).toBe(canonicalText(plain(offering)));
    });

    it('removes documents that refer to each other together', async () => {
      const first = await store.upsert(people, plain({ ...staff, staffUniqueId: 'c1' }));
      const second = await store.upsert(
        people,
        plain({ ...staff, staffUniqueId: 'c2', supervisorReference: { staffUniqueId: 'c1' } }),
      );
      await store.upsert(
        people,
        plain({ ...staff, staffUniqueId: 'c1', supervisorReference: { staffUniqueId: 'c2' } }),
      );
      expect(await errorOf(store.remove(first.uuid))).toMatchObject({ code: 'DOCUMENT_IN_USE' });
      await store.removeBatch([first.uuid, second.uuid]);
      expect(await store.read([first.uuid, second.uuid])).toEqual([]);
    });
  });

  describe('read', () => {
    it('gives documents in the order that is asked for, of any resource', async () => {
      const one = await store.upsert(people, plain({ ...staff, staffUniqueId: 'r1' }));
      const two = await store.upsert(periods, plain(period('r2')));
      const found = await store.read([two.uuid, '00000000-0000-4000-8000-00000000ffff', one.uuid.toUpperCase()]);
      expect(found.map(({ resource, uuid }) => [resource, uuid])).toEqual([
        ['Campus:ClassPeriod', two.uuid],
        ['Campus:Staff', one.uuid],
      ]);
    });

    it('asks as often for one document as for many', async () => {
      const uuids = (await store.scan(people, { limit: 30 })).map(({ uuid }) => uuid);
      const counts: number[] = [];
      for (const some of [uuids.slice(0, 1), uuids]) {
        roundTrips = 0;
        await store.read(some);
        counts.push(roundTrips);
      }
      expect(counts[0]).toBe(counts[1]);
    });

    it('members are in model order, what is absent is absent', async () => {
      const { uuid } = await store.upsert(
        people,
        plain({ givenName: 'Z', staffUniqueId: 'order', isActive: false, familyName: 'A', contactNumbers: [] }),
      );
      const [found] = await store.read([uuid]);
      expect([...found!.document.keys()]).toEqual(['familyName', 'givenName', 'isActive', 'staffUniqueId']);
    });

    it.each<[string, string, JsonValue, number]>([
      ['a text', '$.familyName', 'filter', 3],
      ['a number', '$.payrollNumber', json('{"a":9007199254740993}'), 1],
      ['a number as text', '$.payrollNumber', '9007199254740993', 1],
      ['a boolean as text', '$.isActive', 'true', 2],
    ])('a page has the documents with %s', async (_, path, given, count) => {
      const value = given instanceof Map ? (given.get('a') as JsonValue) : given;
      await store.upsertBatch(
        people,
        [
          '{"staffUniqueId":"f1","familyName":"filter","givenName":"x","isActive":true,"payrollNumber":9007199254740993}',
          '{"staffUniqueId":"f2","familyName":"filter","givenName":"x","isActive":true,"payrollNumber":9007199254740992}',
          '{"staffUniqueId":"f3","familyName":"filter","givenName":"x","isActive":false}',
        ].map((text) => ({ document: json(text) })),
      );
      const filters = [
        { path, value },
        { path: '$.givenName', value: 'x' },
      ];
      const found = await store.readPage(people, { filters, limit: 10 });
      expect(found).toHaveLength(count);
      expect(await store.readPage(people, { filters, offset: 1, limit: 10 })).toEqual(found.slice(1));
      expect(await store.readPage(people, { filters, limit: 0 })).toEqual([]);
    });

    it('a page is filtered by descriptors and by what is stored once', async () => {
      const resource = named('Campus:Session');
      const by = (path: string, value: JsonValue) =>
        store.readPage(resource, { filters: [{ path, value }], limit: 10 });
      expect(await by('$.termDescriptor', 'URI://sample.org/TermDescriptor#FALL')).toHaveLength(1);
      expect(await by('$.termDescriptor', 'uri://sample.org/TermDescriptor#None')).toHaveLength(0);
      expect(await by('$.schoolReference.schoolId', '100')).toHaveLength(1);
      // the same column, but the session has no reference to a calendar
      expect(await by('$.calendarReference.schoolId', '100')).toHaveLength(0);
      expect(await errorOf(by('$.schoolReference.schoolID', '1'))).toMatchObject({
        code: 'DOCUMENT_PROPERTY_UNKNOWN',
        details: { nearest: '$.schoolReference.schoolId' },
      });
      expect(await errorOf(by('$.beginsOn', 'soon'))).toMatchObject({ code: 'DOCUMENT_VALUE_INVALID' });
    });

    it('a scan walks over all documents, once', async () => {
      const seen: string[] = [];
      for (let after = '0'; ; ) {
        const found = await store.scan(people, { after, limit: 7 });
        const last = found.at(-1);
        if (!last) break;
        seen.push(...found.map(({ documentId }) => documentId));
        after = last.documentId;
      }
      const [row] = await connection.query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM campus."Staff"'));
      expect(new Set(seen).size).toBe(row?.n);
      expect(seen).toHaveLength(row?.n ?? -1);
      const { contentVersion, uuid } = await store.upsert(people, plain({ ...staff, staffUniqueId: 'new' }));
      const since = await store.scan(people, { since: contentVersion - 1n, limit: 10 });
      expect(since.map((each) => each.uuid)).toEqual([uuid]);
    });
  });
});
