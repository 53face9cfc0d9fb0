import { DmsError } from '@dms/diagnostics';
import { buildPack, readPack } from '@dms/packs';
import { givenScript, trusted } from '@dms/sql';
import { build, type DatabaseOfSpec, usualProvisionedEngines } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, named, seedDescriptors } from '../../test/bench.ts';
import {
  type DocumentStore,
  documentPlans,
  keyIdentity,
  openDocuments,
  uuidsByIdentity,
  writeDescriptors,
} from '../index.ts';
import type { Descriptor } from '../writing/descriptor.ts';

/* Documents found by the keys of their tables: what only the database can compare (design 22 §4.3–§4.5). */

const { array, descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const room = object({ code: string(), kindDescriptor: uri() }, ['code', 'kindDescriptor']);

const hallOrYard = (name: string) =>
  resource(name, {
    isSubclass: true,
    superclassProjectName: 'Core',
    superclassResourceName: 'Site',
    identityJsonPaths: ['$.siteId'],
    jsonSchemaForInsert: object({ siteId: integer() }, ['siteId']),
  });

const members = [
  hallOrYard('Hall'),
  hallOrYard('Yard'),
  resource('Fair', {
    identityJsonPaths: ['$.siteReference.siteId'],
    documentPathsMapping: { Site: reference('Core:Site', [['$.siteId', '$.siteReference.siteId']]) },
    jsonSchemaForInsert: object({ siteReference: object({ siteId: integer() }, ['siteId']) }, ['siteReference']),
  }),
];

const schemas = [
  project(
    'Core',
    [
      ...members,
      descriptor('KindDescriptor'),
      resource('Room', {
        identityJsonPaths: ['$.code', '$.kindDescriptor'],
        documentPathsMapping: { Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptor') },
        jsonSchemaForInsert: object({ code: string(), kindDescriptor: uri(), size: integer() }, [
          'code',
          'kindDescriptor',
        ]),
      }),
      resource('Booking', {
        identityJsonPaths: ['$.day', '$.roomReference.code', '$.roomReference.kindDescriptor'],
        documentPathsMapping: {
          Room: reference('Core:Room', [
            ['$.code', '$.roomReference.code'],
            ['$.kindDescriptor', '$.roomReference.kindDescriptor'],
          ]),
          Use: descriptorPath('Core:KindDescriptor', '$.uses[*].useDescriptor'),
        },
        arrayUniquenessConstraints: [{ paths: ['$.uses[*].useDescriptor'] }],
        jsonSchemaForInsert: object(
          { day: integer(), roomReference: room, uses: array(object({ useDescriptor: uri() }, ['useDescriptor'])) },
          ['day', 'roomReference'],
        ),
      }),
    ],
    { abstractResources: { Site: { identityJsonPaths: ['$.siteId'] } } },
  ),
];

const kind = (code: string) => `uri://x/Kind#${code}`;
const roomOf = (code: string, spelling: string, size = 1) =>
  toJsonValue({ code, kindDescriptor: kind(spelling), size });
const bookingOf = (day: number, code: string, spelling: string, ...uses: readonly string[]) =>
  toJsonValue({
    day,
    roomReference: { code, kindDescriptor: kind(spelling) },
    uses: uses.map((use) => ({ useDescriptor: kind(use) })),
  });

const rooms = named('Core:Room');
const bookings = named('Core:Booking');

const [engine] = usualProvisionedEngines();

describe('natural keys', () => {
  const { plans, script } = compiled(schemas, 'pgsql', 'v2-natural');
  let database: DatabaseOfSpec;
  let store: DocumentStore;

  beforeAll(async () => {
    if (!engine) throw new Error('no engine');
    database = await engine.open(script);
    store = openDocuments(database.connection, plans);
    const uris = ['Élan', 'İ', 'Plain'].map((code) => ({ resource: 'Core:KindDescriptor', uri: kind(code) }));
    await seedDescriptors(database.connection, plans, uris);
    await store.upsert(rooms, roomOf('a', 'Élan'));
  });
  afterAll(() => database.close());

  const failureOf = async (work: Promise<unknown>) => {
    const error = await work.catch((each: unknown) => each);
    if (!(error instanceof DmsError)) throw new Error('nothing failed');
    return error.diagnostics;
  };
  const upsert = async (code: string, spelling: string) => (await store.upsert(rooms, roomOf(code, spelling))).kind;

  it('are looked up with the statements of a pack', async () => {
    const pack = await buildPack(plans.mappingSet, { name: 'dms', version: '1' });
    const { mappingSet } = await readPack(pack, 'own.mpack');
    // the paths of identities are in the model alone
    const { model } = plans.mappingSet;
    const writer = openDocuments(database.connection, documentPlans({ ...mappingSet, model }, plans.inventory));
    expect((await writer.upsert(rooms, roomOf('a', 'éLAN'))).kind).toBe('unchanged');
    const { uuid } = await writer.upsert(bookings, bookingOf(9, 'a', 'ÉLAN'));
    expect((await store.upsert(bookings, bookingOf(9, 'a', 'Élan'))).uuid).toBe(uuid);
  });

  const [resourceKey] = plans.mappingSet.model.effectiveSchema.resourceKeys.filter(
    ({ resourceName }) => resourceName === 'KindDescriptor',
  );
  if (!resourceKey) throw new Error('no resource key');
  const written = (codeValue: string, shortDescription: string): Descriptor => ({
    file: 'kinds.jsonl',
    line: 1,
    resourceKey,
    referentialId: plans.referentialIds.ofDescriptor(resourceKey, kind(codeValue)),
    namespace: 'uri://x/Kind',
    codeValue,
    shortDescription,
    description: null,
    effectiveBeginDate: null,
    effectiveEndDate: null,
  });

  it.each(['Élan', 'élan', 'ÉLAN'])('find a descriptor in any letter case: %s', async (spelling) => {
    expect(await upsert('a', spelling)).toBe('unchanged');
  });

  it('leave to the database what the product would lower-case otherwise', async () => {
    expect(await upsert('b', 'i')).toBe('inserted');
    expect(await upsert('b', 'İ')).toBe('unchanged');
    const [missing] = await failureOf(store.upsert(rooms, roomOf('b', 'i̇')));
    expect(missing).toMatchObject({ code: 'DOCUMENT_REFERENCE_UNRESOLVED' });
  });

  it.each(['A', 'a ', 'á', `${'a'.repeat(60)}`])('tell texts apart: %s', async (code) => {
    expect(await upsert(code, 'Élan')).toBe('inserted');
    expect(await upsert(code, 'élan')).toBe('unchanged');
  });

  it('are not found by a URI that is longer than its column', async () => {
    const [missing] = await failureOf(store.upsert(rooms, roomOf('a', 'x'.repeat(400))));
    expect(missing).toMatchObject({ code: 'DOCUMENT_REFERENCE_UNRESOLVED' });
  });

  it('write documents of a batch one by one if the database finds them equal', async () => {
    const batch = (size: number) =>
      ['Élan', 'élan'].map((spelling, index) => ({ document: roomOf('twice', spelling, size + index) }));
    const kinds = async (size: number) =>
      (await store.upsertBatch(rooms, batch(size))).map((outcome) =>
        outcome.kind === 'rejected' ? outcome.diagnostics : outcome.kind,
      );
    expect(await kinds(1)).toEqual(['inserted', 'replaced']);
    expect(await kinds(3)).toEqual(['replaced', 'replaced']);
    const found = (await store.readPage(rooms, { limit: 9 })).filter(
      ({ document }) => document.get('code') === 'twice',
    );
    expect(found.map(({ document }) => document)).toEqual([roomOf('twice', 'Élan', 4)]);
  });

  it('refuse items that name one descriptor in two spellings, and keep the rows of equal ones', async () => {
    const [duplicate] = await failureOf(store.upsert(bookings, bookingOf(1, 'a', 'élan', 'Élan', 'élan')));
    expect(duplicate).toMatchObject({
      code: 'DOCUMENT_DUPLICATE_ELEMENT',
      message: 'Core:Booking $.uses[1] is equal to $.uses[0] in $.uses[*].useDescriptor.',
    });
    expect((await store.upsert(bookings, bookingOf(1, 'a', 'élan', 'Élan', 'Plain'))).kind).toBe('inserted');
    expect((await store.upsert(bookings, bookingOf(1, 'a', 'Élan', 'élan', 'PLAIN'))).kind).toBe('unchanged');
  });

  it('find a document to which no reference leads by its key', async () => {
    const { uuid } = await store.upsert(bookings, bookingOf(2, 'a', 'Élan'));
    const keyed = (day: string, code: string) =>
      keyIdentity(
        plans,
        bookings,
        new Map(
          Object.entries({
            day: toJsonValue(Number(day)),
            'roomReference.code': code,
            'roomReference.kindDescriptor': kind('ÉLAN'),
          }),
        ),
      );
    const sought = [keyed('2', 'a'), keyed('2', 'none'), keyed('3', 'a')].flatMap((each) => each ?? []);
    expect(sought).toHaveLength(3);
    expect([...(await uuidsByIdentity(database.connection, plans, sought)).values()]).toEqual([uuid]);
  });

  it('name the other spelling of a new descriptor in the same batch, and keep the stored text', async () => {
    const { connection } = database;
    await connection.begin();
    const outcomes = await writeDescriptors(
      connection,
      [written('Ñu', 'x'), written('Other', 'x'), written('ñu', 'y'), written('plain', 'z')],
      'update',
      plans.version,
    );
    await connection.commit();
    expect(outcomes.map(({ kind: outcome }) => outcome)).toEqual(['inserted', 'inserted', 'updated', 'updated']);
    expect(
      await connection.query(
        trusted(
          `SELECT "CodeValue" AS code, "ShortDescription" AS text FROM dms."Descriptor" WHERE "Uri" ~* '(ñu|plain)$' ORDER BY 1`,
        ),
      ),
    ).toEqual([
      { code: 'Plain', text: 'z' },
      { code: 'Ñu', text: 'y' },
    ]);
  });

  it('an update that differs from a stored descriptor in letter case changes no row', async () => {
    const { connection } = database;
    const rows = () =>
      connection.query(
        trusted(`SELECT row_to_json(x)::text AS row FROM dms."Descriptor" AS x WHERE "Uri" ~* 'Plain$' UNION ALL
         SELECT row_to_json(d)::text FROM dms."Document" AS d JOIN dms."Descriptor" AS x USING ("DocumentId") WHERE x."Uri" ~* 'Plain$'`),
      );
    const before = await rows();
    await connection.begin();
    const outcomes = await writeDescriptors(connection, [written('PLAIN', 'z')], 'update', plans.version);
    await connection.commit();
    expect(outcomes).toMatchObject([{ kind: 'kept', warning: { code: 'SEED_CASE_DIFFERS' } }]);
    expect(before).toHaveLength(2);
    expect(await rows()).toEqual(before);
  });

  it('report two documents with one key, which only a missing unique key allows', async () => {
    const { connection } = database;
    await connection.execute(givenScript('ALTER TABLE core."Room" DROP CONSTRAINT "UX_Room_NK"'));
    const { uuid } = await store.upsert(rooms, roomOf('c', 'Plain'));
    await connection.execute(
      givenScript(`
      INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") SELECT gen_random_uuid(), "ResourceKeyId" FROM dms."Document" WHERE "DocumentUuid" = '${uuid}';
      INSERT INTO core."Room" ("DocumentId", "Code", "KindDescriptor_DescriptorId")
      SELECT (SELECT max("DocumentId") FROM dms."Document"), "Code", "KindDescriptor_DescriptorId" FROM core."Room" WHERE "Code" = 'c';`),
    );
    const [ambiguous] = await failureOf(store.upsert(rooms, roomOf('c', 'Plain', 2)));
    expect(ambiguous).toMatchObject({ code: 'DOCUMENT_KEY_AMBIGUOUS', where: { resource: 'Core:Room' } });
  });

  it('report members of an abstract resource with one identity: a second one, and two without the key that forbids them', async () => {
    const site = (siteId: number) => toJsonValue({ siteId });
    const fair = (siteId: number) => toJsonValue({ siteReference: { siteId } });
    const { connection } = database;
    const identities = () =>
      connection.query(
        trusted(
          `SELECT t::text AS row FROM core."SiteIdentity" AS t UNION ALL SELECT d::text FROM dms."Document" AS d ORDER BY 1`,
        ),
      );
    const { uuid } = await store.upsert(named('Core:Hall'), site(1));
    const before = await identities();
    const [taken] = await failureOf(store.upsert(named('Core:Yard'), site(1)));
    expect(taken).toMatchObject({
      code: 'DOCUMENT_EXISTS',
      message: `Core:Yard with $.siteId = "1" has the same identity as Core:Hall ${uuid}, a document of their superclass.`,
    });
    expect(await identities()).toEqual(before);

    await connection.execute(givenScript('ALTER TABLE core."SiteIdentity" DROP CONSTRAINT "UX_SiteIdentity_NK"'));
    await store.upsert(named('Core:Yard'), site(1));
    const [ambiguous] = await failureOf(store.upsert(named('Core:Fair'), fair(1)));
    expect(ambiguous).toMatchObject({ code: 'DOCUMENT_KEY_AMBIGUOUS', where: { resource: 'Core:Site' } });
  });

  it('report two descriptors with one URI, which only a missing unique index allows', async () => {
    const { connection } = database;
    await connection.execute(givenScript('DROP INDEX dms."UX_Descriptor_UriLowered_ResourceKeyId"'));
    const resource = 'Core:KindDescriptor';
    await seedDescriptors(
      connection,
      plans,
      ['Two', 'TWO'].map((code) => ({ resource, uri: kind(code) })),
    );
    const [ambiguous] = await failureOf(writeDescriptors(connection, [written('two', 'x')], 'update', plans.version));
    expect(ambiguous).toMatchObject({ code: 'DOCUMENT_KEY_AMBIGUOUS', where: { resource: 'Descriptors' } });
  });
});
