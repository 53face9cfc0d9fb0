import { databaseEngines, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitters } from '../../test/emitted.ts';

/*
 * A server with a document cache reads the bodies of the queue and the cache before it starts, and looks for parts of
 * their text (design 16 §11.4).
 */

const states = ["'DISABLED'", "'RESETTING'", "'REBUILDING'", "'TRACKING'"];

const pgsqlEnqueue = [
  'SECURITYDEFINER',
  'DOCUMENTCACHESTATE',
  'PROJECTIONLIFECYCLESTATE',
  'STATEID=1',
  ...states,
  'STATEMENT_TIMESTAMP',
  'DOCUMENTPROJECTIONWORK',
  'REQUIREDCONTENTVERSION',
  'FIRSTENQUEUEDAT',
  'LASTENQUEUEDAT',
  'ONCONFLICT',
  'DOUPDATE',
  'WORKREQUIREDCONTENTVERSION<EXCLUDEDREQUIREDCONTENTVERSION',
  'RETURNNULL',
];

const pgsqlTokens = {
  TF_Document_EnqueueProjectionInsert: [...pgsqlEnqueue, 'FROMNEW_ROWS'],
  TF_Document_EnqueueProjectionUpdate: [...pgsqlEnqueue, 'NEW_ROWS', 'OLD_ROWS', '<>'],
  TF_DocumentCache_ValidateDocumentUuid: [
    '_CANONICAL_DOCUMENT_UUID',
    'DMSDOCUMENT',
    'DOCUMENTUUID',
    'NEWDOCUMENTID',
    'NEWDOCUMENTUUID',
    '<>',
    'RAISEEXCEPTION',
    'RETURNNEW',
  ],
};

const mssqlTokens = {
  TR_Document_EnqueueProjectionWork: [
    'DOCUMENTCACHESTATE',
    'PROJECTIONLIFECYCLESTATE',
    'STATEID=1',
    ...states,
    'INSERTED',
    'DELETED',
    'MAX',
    'GROUPBYIDOCUMENTID',
    'DMSDOCUMENTPROJECTIONWORK',
    'UPDATEWORK',
    'SETWORKREQUIREDCONTENTVERSION=REQREQUIREDCONTENTVERSION',
    'WORKREQUIREDCONTENTVERSION<REQREQUIREDCONTENTVERSION',
    'INNERLOOPJOINDMSDOCUMENTPROJECTIONWORK',
    'OPTIONFORCEORDER',
    'INSERTINTODMSDOCUMENTPROJECTIONWORK',
    'WHERENOTEXISTS',
    'WORKWITHUPDLOCKHOLDLOCKROWLOCK',
  ],
  TR_DocumentCache_ValidateDocumentUuid: ['INSERTED', 'DMSDOCUMENT', 'DOCUMENTID', 'DOCUMENTUUID', '<>', 'THROW'],
};

/**
 * The text in the form that the server compares: without comments, only letters, digits and a few signs, in upper case.
 */
const compared = (text: string) =>
  text
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/[^A-Za-z0-9=<>_']/g, '')
    .toUpperCase();

const missing = (text: string, tokens: readonly string[]) => tokens.filter((token) => !compared(text).includes(token));

describe.each(databaseEngines())('bodies of the queue and the cache on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned((await emitters.v2.campusAndAthletics()).pgsql.script);
  });

  afterAll(() => database.close());

  it.each(Object.entries(pgsqlTokens))('%s has every token', async (name, tokens) => {
    const [[text] = []] = await database.queryRows(
      "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'dms'::regnamespace AND proname = $1",
      [name],
    );
    expect(missing(String(text), tokens)).toEqual([]);
  });
});

it.each(Object.entries(mssqlTokens))('%s of SQL Server has every token', async (name, tokens) => {
  const { script } = (await emitters.v2.campusAndAthletics()).mssql;
  const batch = script.split('\nGO\n').find((text) => text.includes(`TRIGGER [dms].[${name}]`));
  expect(missing(batch ?? '', tokens)).toEqual([]);
});

it('the comparison leaves out comments, and notices what is missing', () => {
  expect(missing('SELECT 1 -- ON CONFLICT\n/* DO UPDATE */', ['SELECT1', 'ONCONFLICT', 'DOUPDATE'])).toEqual([
    'ONCONFLICT',
    'DOUPDATE',
  ]);
});
