import { type CatalogDifference, diffCatalogs } from '@dms/catalog';
import { givenScript } from '@dms/sql';
import {
  createScratchDatabase,
  inTurn,
  mainGenerations,
  needingVersion,
  type PostgresDatabase,
  serverFacts,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetOf } from '../../test/engines.ts';
import { type ChangedNames, changedNames, changedSet } from '../../test/manual-changes.ts';
import { type EmittedInput, emitted } from '../../test/schema-sets.ts';
import { type Connection, rolledBack } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { catalogMark, introspectHere } from './introspect.ts';

/* Every manual change is reported, in both generations (design 09a §2.1). */

/**
 * The change in words; its SQL; the reported lines: severity, change, kind, path and field; the first version of the
 * server that supports it, if that is later than 14.
 */
type ManualChange = readonly [
  words: string,
  sql: (names: ChangedNames) => string,
  told: (names: ChangedNames) => readonly string[],
  since?: number,
];

const school = 'edfi."School"';
const session = 'edfi."Session"';
const address = 'edfi."SchoolAddress"';
const again = (table: string, name: string, definition: string) =>
  `ALTER TABLE ${table} DROP CONSTRAINT "${name}" CASCADE; ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${definition}`;
const keyAgain = ({ foreignKey, foreignKeyColumns, foreignKeyTarget }: ChangedNames, clauses: string) =>
  again(session, foreignKey, `FOREIGN KEY (${foreignKeyColumns}) REFERENCES ${foreignKeyTarget} ${clauses}`);
const actions = ({ onUpdate, onDelete }: ChangedNames) => `${onUpdate} ${onDelete}`;
const indexAgain = ({ index, indexTable, indexColumns }: ChangedNames, method: string, where = '') =>
  `DROP INDEX dms."${index}"; CREATE INDEX "${index}" ON dms."${indexTable}" ${method} (${indexColumns}) ${where}`;
const ownFunction = 'CREATE FUNCTION edfi.mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$';
/** Creates the trigger again with one of its parts changed. */
const triggerAgain = (
  { trigger, triggerEvents, function: routine }: ChangedNames,
  { kind = '', timing = 'AFTER', events = triggerEvents, more = '', call = `"${routine}"()` } = {},
) =>
  `DROP TRIGGER "${trigger}" ON ${school}; CREATE ${kind} TRIGGER "${trigger}" ${timing} ${events} ON ${school} ${more} FOR EACH ROW EXECUTE FUNCTION edfi.${call}`;

const ofSchool = (what: string) => () => [what];
const uniqueTold =
  (field: string) =>
  ({ unique }: ChangedNames) => [`error changed unique edfi.SchoolAddress ${unique} ${field}`];
const keyTold =
  (...fields: readonly string[]) =>
  ({ foreignKey }: ChangedNames) =>
    fields.map((field) => `error changed foreignKey edfi.Session ${foreignKey} ${field}`);
const triggerTold =
  (field: string) =>
  ({ trigger }: ChangedNames) => [`error changed trigger edfi.School ${trigger} ${field}`];
const functionTold =
  (severity: string, field: string) =>
  ({ function: name }: ChangedNames) => [`${severity} changed function edfi.${name}() ${field}`];
const calledTold = (severity: string, field: string) => () => [
  `${severity} changed function dms.uuidv5(namespace_uuid uuid, name_text text) ${field}`,
];
const sequenceTold =
  (severity: string, field: string) =>
  ({ sequence }: ChangedNames) => [`${severity} changed sequence dms.${sequence} ${field}`];
const viewTold =
  (field: string) =>
  ({ view }: ChangedNames) => [`error changed view edfi.${view} ${field}`];
const indexTold =
  (...fields: readonly string[]) =>
  ({ index, indexTable }: ChangedNames) =>
    fields.map((field) => `warning changed index dms.${indexTable} ${index} ${field}`);
const called = 'dms.uuidv5(uuid, text)';
const identityTold = ({ identityColumn }: ChangedNames) => [
  `error changed column dms.Document ${identityColumn} identity`,
];

const changes: readonly ManualChange[] = [
  // tables
  [
    'row level security',
    () => `ALTER TABLE ${school} ENABLE ROW LEVEL SECURITY`,
    ofSchool('error changed table edfi.School options'),
  ],
  [
    'row level security for the owner too',
    () => `ALTER TABLE ${school} FORCE ROW LEVEL SECURITY`,
    ofSchool('error changed table edfi.School options'),
  ],
  [
    'a policy',
    () => `CREATE POLICY mine ON ${school} USING (false)`,
    ofSchool('error changed table edfi.School options'),
  ],
  [
    'a rule that does something else',
    () => `CREATE RULE mine AS ON INSERT TO ${school} DO INSTEAD NOTHING`,
    ofSchool('error changed table edfi.School options'),
  ],
  [
    'a rule that does more',
    () => `CREATE RULE mine AS ON DELETE TO ${school} DO ALSO NOTIFY gone`,
    ofSchool('error changed table edfi.School options'),
  ],
  [
    'a table that inherits',
    () => `CREATE SCHEMA mine; CREATE TABLE mine.t () INHERITS (${school})`,
    () => ['error changed table edfi.School options', 'info extra schema mine', 'info extra table mine.t'],
  ],
  [
    'an unlogged table',
    () => 'CREATE TABLE edfi.mine (a int); DROP TABLE edfi.mine; ALTER TABLE edfi."SchoolAddress" SET UNLOGGED',
    () => ['error changed table edfi.SchoolAddress storage'],
  ],
  ['a table of their own', () => 'CREATE TABLE edfi.mine (a int)', () => ['warning extra table edfi.mine']],
  [
    'a table elsewhere',
    () => 'CREATE SCHEMA mine; CREATE TABLE mine.t (a int)',
    () => ['info extra schema mine', 'info extra table mine.t'],
  ],
  [
    'a dropped table',
    () => 'DROP TABLE edfi."SchoolAddress" CASCADE',
    () => ['error missing table edfi.SchoolAddress'],
  ],
  // columns
  [
    'a wider text',
    () => `ALTER TABLE dms."ResourceKey" ALTER COLUMN "ResourceVersion" TYPE varchar(2000)`,
    () => ['error changed column dms.ResourceKey ResourceVersion type'],
  ],
  [
    'a text of any length',
    () => `ALTER TABLE dms."ResourceKey" ALTER COLUMN "ResourceVersion" TYPE text`,
    () => ['error changed column dms.ResourceKey ResourceVersion type'],
  ],
  [
    'a column that may be null',
    () => `ALTER TABLE dms."Descriptor" ALTER COLUMN "ShortDescription" DROP NOT NULL`,
    () => ['error changed column dms.Descriptor ShortDescription nullable'],
  ],
  [
    'a column that may not be null',
    () => `ALTER TABLE dms."Descriptor" ALTER COLUMN "Description" SET NOT NULL`,
    () => ['error changed column dms.Descriptor Description nullable'],
  ],
  [
    'a column that need not be there for old rows',
    () =>
      `ALTER TABLE dms."Descriptor" ALTER COLUMN "ShortDescription" DROP NOT NULL; ALTER TABLE dms."Descriptor" ADD CONSTRAINT mine NOT NULL "ShortDescription" NOT VALID`,
    () => ['error changed column dms.Descriptor ShortDescription nullable', 'error extra check dms.Descriptor mine'],
    18,
  ],
  [
    'a default',
    () => `ALTER TABLE dms."Descriptor" ALTER COLUMN "Description" SET DEFAULT 'x'`,
    () => ['error changed column dms.Descriptor Description default'],
  ],
  [
    'a collation',
    () => `ALTER TABLE dms."ResourceKey" ALTER COLUMN "ResourceVersion" TYPE varchar(32) COLLATE "C"`,
    () => ['warning changed column dms.ResourceKey ResourceVersion collation'],
  ],
  [
    'a collation of a key',
    () => `ALTER TABLE dms."ResourceKey" ALTER COLUMN "ResourceName" TYPE varchar(256) COLLATE "C"`,
    () => ['error changed column dms.ResourceKey ResourceName collation'],
  ],
  [
    'a collation in which letters of both cases are equal',
    () =>
      `CREATE SCHEMA mine; CREATE COLLATION mine.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); ALTER TABLE dms."ResourceKey" ALTER COLUMN "ResourceVersion" TYPE varchar(32) COLLATE mine.loose`,
    () => ['error changed column dms.ResourceKey ResourceVersion collation', 'info extra schema mine'],
  ],
  [
    'an optional column',
    () => `ALTER TABLE ${school} ADD COLUMN mine int`,
    () => ['warning extra column edfi.School mine'],
  ],
  [
    'a column that rows must name',
    () => `ALTER TABLE ${school} ADD COLUMN mine int NOT NULL`,
    () => ['error extra column edfi.School mine'],
  ],
  [
    'a dropped column',
    ({ spareColumn }) => `ALTER TABLE dms."DocumentCache" DROP COLUMN "${spareColumn}"`,
    ({ spareColumn }) => [`error missing column dms.DocumentCache ${spareColumn}`],
  ],
  [
    'a column made again at the end',
    ({ spareColumn, spareDefinition }) =>
      `ALTER TABLE dms."DocumentCache" DROP COLUMN "${spareColumn}", ADD COLUMN "${spareColumn}" ${spareDefinition}`,
    () => ['info changed columnOrder dms.DocumentCache order'],
  ],
  [
    'an identity that can be given',
    ({ identityColumn }) => `ALTER TABLE dms."Document" ALTER COLUMN "${identityColumn}" SET GENERATED BY DEFAULT`,
    identityTold,
  ],
  [
    'an identity that skips',
    ({ identityColumn }) => `ALTER TABLE dms."Document" ALTER COLUMN "${identityColumn}" SET INCREMENT BY 5`,
    identityTold,
  ],
  [
    'an identity that begins again',
    ({ identityColumn }) => `ALTER TABLE dms."Document" ALTER COLUMN "${identityColumn}" SET CYCLE`,
    identityTold,
  ],
  [
    'no identity',
    ({ identityColumn }) => `ALTER TABLE dms."Document" ALTER COLUMN "${identityColumn}" DROP IDENTITY`,
    identityTold,
  ],
  // keys
  [
    'a unique that is gone',
    ({ unique }) => `ALTER TABLE ${address} DROP CONSTRAINT "${unique}"`,
    ({ unique }) => [`error missing unique edfi.SchoolAddress ${unique}`],
  ],
  [
    'a unique of their own',
    () => `ALTER TABLE ${school} ADD CONSTRAINT mine UNIQUE ("OpenedOn")`,
    () => ['error extra unique edfi.School mine'],
  ],
  [
    'a unique whose nulls are equal',
    ({ unique, uniqueColumns }) => again(address, unique, `UNIQUE NULLS NOT DISTINCT (${uniqueColumns})`),
    uniqueTold('options'),
    15,
  ],
  [
    'a unique that can be deferred',
    ({ unique, uniqueColumns }) => again(address, unique, `UNIQUE (${uniqueColumns}) DEFERRABLE`),
    uniqueTold('options'),
  ],
  [
    'a unique that is deferred',
    ({ unique, uniqueColumns }) => again(address, unique, `UNIQUE (${uniqueColumns}) DEFERRABLE INITIALLY DEFERRED`),
    uniqueTold('options'),
  ],
  [
    'a unique that carries a column',
    ({ unique, uniqueColumns }) => again(address, unique, `UNIQUE (${uniqueColumns}) INCLUDE ("Street")`),
    uniqueTold('options'),
  ],
  [
    'a unique with one more column',
    ({ unique, uniqueColumns }) => again(address, unique, `UNIQUE (${uniqueColumns}, "Street")`),
    uniqueTold('columns'),
  ],
  [
    'a primary key that can be deferred',
    ({ key, keyColumns }) => again(address, key, `PRIMARY KEY (${keyColumns}) DEFERRABLE`),
    ({ key }) => [`error changed primaryKey edfi.SchoolAddress ${key} options`],
  ],
  [
    'a primary key of another name',
    ({ key }) => `ALTER TABLE ${address} RENAME CONSTRAINT "${key}" TO mine`,
    ({ key }) => [`warning changed primaryKey edfi.SchoolAddress ${key} name`],
  ],
  // foreign keys
  [
    'a foreign key that is gone',
    ({ foreignKey }) => `ALTER TABLE ${session} DROP CONSTRAINT "${foreignKey}"`,
    ({ foreignKey }) => [`error missing foreignKey edfi.Session ${foreignKey}`],
  ],
  ['a foreign key that is full', (names) => keyAgain(names, `MATCH FULL ${actions(names)}`), keyTold('options')],
  [
    'a foreign key that can be deferred',
    (names) => keyAgain(names, `${actions(names)} DEFERRABLE`),
    keyTold('deferrable'),
  ],
  [
    'a foreign key that is deferred',
    (names) => keyAgain(names, `${actions(names)} DEFERRABLE INITIALLY DEFERRED`),
    keyTold('deferrable'),
  ],
  [
    'a foreign key that old rows need not obey',
    (names) => keyAgain(names, `${actions(names)} NOT VALID`),
    keyTold('validated'),
  ],
  [
    'a foreign key that no row need obey',
    (names) => keyAgain(names, `${actions(names)} NOT ENFORCED`),
    keyTold('options', 'validated'),
    18,
  ],
  [
    'foreign keys that are off in their table',
    () => `ALTER TABLE ${session} DISABLE TRIGGER ALL; ALTER TABLE ${session} ENABLE TRIGGER USER`,
    ({ sessionKeys }) => sessionKeys.map((key) => `error changed foreignKey edfi.Session ${key} options`),
  ],
  [
    'a foreign key that deletes',
    (names) => keyAgain(names, `${names.onUpdate} ON DELETE CASCADE`),
    keyTold('onDelete'),
  ],
  [
    'a foreign key of their own',
    () => `ALTER TABLE ${session} ADD CONSTRAINT mine FOREIGN KEY ("DocumentId") REFERENCES ${school} ("DocumentId")`,
    () => ['error extra foreignKey edfi.Session mine'],
  ],
  // checks
  [
    'a check that is gone',
    ({ check }) => `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "${check}"`,
    ({ check }) => [`error missing check dms.EffectiveSchema ${check}`],
  ],
  [
    'a check of their own',
    () => `ALTER TABLE ${school} ADD CONSTRAINT mine CHECK ("OpenedOn" > '2000-01-01')`,
    () => ['error extra check edfi.School mine'],
  ],
  [
    'another check',
    ({ check }) => again('dms."EffectiveSchema"', check, 'CHECK ("EffectiveSchemaSingletonId" = 2) NOT VALID'),
    ({ check }) => [
      `error changed check dms.EffectiveSchema ${check} expression`,
      `error changed check dms.EffectiveSchema ${check} validated`,
    ],
  ],
  [
    'a check that old rows need not obey',
    ({ check }) => again('dms."EffectiveSchema"', check, 'CHECK ("EffectiveSchemaSingletonId" = 1) NOT VALID'),
    ({ check }) => [`error changed check dms.EffectiveSchema ${check} validated`],
  ],
  [
    'a check that no row need obey',
    ({ check }) => again('dms."EffectiveSchema"', check, 'CHECK ("EffectiveSchemaSingletonId" = 1) NOT ENFORCED'),
    ({ check }) => ['options', 'validated'].map((field) => `error changed check dms.EffectiveSchema ${check} ${field}`),
    18,
  ],
  [
    'an exclusion',
    () => `ALTER TABLE ${school} ADD CONSTRAINT mine EXCLUDE ("OpenedOn" WITH =)`,
    () => ['error extra check edfi.School mine', 'info extra index edfi.School mine'],
  ],
  // indexes
  [
    'an index that is gone',
    ({ index }) => `DROP INDEX dms."${index}"`,
    ({ index, indexTable }) => [`warning missing index dms.${indexTable} ${index}`],
  ],
  [
    'an index of their own',
    () => `CREATE INDEX mine ON ${school} ("OpenedOn")`,
    () => ['info extra index edfi.School mine'],
  ],
  [
    'an index that refuses rows',
    () => `CREATE UNIQUE INDEX mine ON ${school} ("OpenedOn")`,
    () => ['error extra index edfi.School mine'],
  ],
  [
    'an index that is not used',
    ({ index }) => `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'dms."${index}"'::regclass`,
    indexTold('valid'),
  ],
  ['an index of some rows', (names) => indexAgain(names, '', 'WHERE "DocumentId" > 1'), indexTold('predicate')],
  ['an index of another method', (names) => indexAgain(names, 'USING brin'), indexTold('plain')],
  // triggers
  [
    'a trigger that is gone',
    ({ trigger }) => `DROP TRIGGER "${trigger}" ON ${school}`,
    ({ trigger }) => [`error missing trigger edfi.School ${trigger}`],
  ],
  [
    'a trigger that is off',
    ({ trigger }) => `ALTER TABLE ${school} DISABLE TRIGGER "${trigger}"`,
    triggerTold('enabled'),
  ],
  [
    'a trigger for replicas only',
    ({ trigger }) => `ALTER TABLE ${school} ENABLE REPLICA TRIGGER "${trigger}"`,
    triggerTold('enabled'),
  ],
  [
    'a trigger of their own',
    () => `${ownFunction}; CREATE TRIGGER mine BEFORE INSERT ON ${school} FOR EACH ROW EXECUTE FUNCTION edfi.mine()`,
    () => ['error extra trigger edfi.School mine', 'warning extra function edfi.mine()'],
  ],
  [
    'a trigger with arguments',
    (names) => triggerAgain(names, { call: `"${names.function}"('x')` }),
    triggerTold('function'),
  ],
  [
    'another function of a trigger',
    (names) => `${ownFunction}; ${triggerAgain(names, { call: 'mine()' })}`,
    ({ trigger }) => [`error changed trigger edfi.School ${trigger} function`, 'warning extra function edfi.mine()'],
  ],
  ['a trigger before the change', (names) => triggerAgain(names, { timing: 'BEFORE' }), triggerTold('timing')],
  [
    'a trigger that misses an event',
    (names) => triggerAgain(names, { events: names.triggerEvents.replace('INSERT OR ', '') }),
    triggerTold('events'),
  ],
  [
    'a trigger under a condition',
    (names) =>
      triggerAgain(names, { more: '', events: names.triggerEvents }).replace(
        'FOR EACH ROW',
        'FOR EACH ROW WHEN (NEW."DocumentId" > 1)',
      ),
    triggerTold('when'),
  ],
  [
    'a trigger that became a constraint trigger',
    (names) => triggerAgain(names, { kind: 'CONSTRAINT' }),
    triggerTold('options'),
  ],
  [
    'a trigger that waits for the commit',
    (names) => triggerAgain(names, { kind: 'CONSTRAINT', more: 'DEFERRABLE INITIALLY DEFERRED' }),
    triggerTold('options'),
  ],
  [
    'a trigger for some columns',
    (names) => triggerAgain(names, { events: names.triggerEvents.replace(/UPDATE.*$/, 'UPDATE OF "OpenedOn"') }),
    triggerTold('updateOf'),
  ],
  [
    'a trigger on a view',
    ({ view }) =>
      `${ownFunction}; CREATE TRIGGER mine INSTEAD OF INSERT ON edfi."${view}" FOR EACH ROW EXECUTE FUNCTION edfi.mine()`,
    ({ view }) => [`error changed view edfi.${view} options`, 'warning extra function edfi.mine()'],
  ],
  [
    'a constraint trigger of their own',
    () =>
      `${ownFunction}; CREATE CONSTRAINT TRIGGER mine AFTER INSERT ON ${school} DEFERRABLE FOR EACH ROW EXECUTE FUNCTION edfi.mine()`,
    () => ['error extra trigger edfi.School mine', 'warning extra function edfi.mine()'],
  ],
  // views
  ['a view that is gone', ({ view }) => `DROP VIEW edfi."${view}"`, ({ view }) => [`error missing view edfi.${view}`]],
  [
    'the body of a view',
    ({ view, viewColumns }) => `CREATE OR REPLACE VIEW edfi."${view}" AS SELECT ${viewColumns.join(', ')}`,
    viewTold('body'),
  ],
  [
    'a view with a condition',
    ({ view }) =>
      `DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW edfi."${view}" AS ' || rtrim(pg_get_viewdef('edfi."${view}"'::regclass), ';') || ' WHERE "DocumentId" > 0'; END $$`,
    viewTold('body'),
  ],
  [
    'a view with one more union',
    ({ view }) =>
      `DO $$ DECLARE text text := rtrim(pg_get_viewdef('edfi."${view}"'::regclass), ';'); BEGIN EXECUTE 'CREATE OR REPLACE VIEW edfi."${view}" AS ' || text || ' UNION ALL ' || text; END $$`,
    viewTold('body'),
  ],
  [
    'a view that is a barrier',
    ({ view }) => `ALTER VIEW edfi."${view}" SET (security_barrier = true)`,
    viewTold('options'),
  ],
  [
    'a view with the rights of its reader',
    ({ view }) => `ALTER VIEW edfi."${view}" SET (security_invoker = true)`,
    viewTold('options'),
    15,
  ],
  [
    'a view with a rule',
    ({ view }) => `CREATE RULE mine AS ON INSERT TO edfi."${view}" DO INSTEAD NOTHING`,
    viewTold('options'),
  ],
  ['a view of their own', () => 'CREATE VIEW edfi.mine AS SELECT 1 AS a', () => ['warning extra view edfi.mine']],
  // functions
  [
    'the body of a function',
    ({ function: name, functionClauses }) =>
      `CREATE OR REPLACE FUNCTION edfi."${name}"() RETURNS trigger LANGUAGE plpgsql ${functionClauses} AS $$ BEGIN RETURN NULL; END $$`,
    functionTold('error', 'body'),
  ],
  [
    'a function with the rights of somebody else',
    ({ function: name, isDefiner }) => `ALTER FUNCTION edfi."${name}"() SECURITY ${isDefiner ? 'INVOKER' : 'DEFINER'}`,
    functionTold('error', 'securityDefiner'),
  ],
  [
    'a function with a setting',
    ({ function: name }) => `ALTER FUNCTION edfi."${name}"() SET enable_seqscan = off`,
    functionTold('error', 'settings'),
  ],
  [
    'a function that may run in parallel',
    ({ function: name }) => `ALTER FUNCTION edfi."${name}"() PARALLEL SAFE`,
    functionTold('warning', 'options'),
  ],
  [
    'a leakproof function',
    ({ function: name }) => `ALTER FUNCTION edfi."${name}"() LEAKPROOF`,
    functionTold('warning', 'options'),
  ],
  [
    'another volatility of a function',
    ({ function: name }) => `ALTER FUNCTION edfi."${name}"() STABLE`,
    functionTold('error', 'volatility'),
  ],
  [
    'a called function that nobody may call',
    () => `REVOKE EXECUTE ON FUNCTION ${called} FROM PUBLIC`,
    calledTold('error', 'publicExecute'),
  ],
  [
    'a called function that may not run in parallel',
    () => `ALTER FUNCTION ${called} PARALLEL UNSAFE`,
    calledTold('warning', 'options'),
  ],
  [
    'a called function with the rights of its owner',
    () => `ALTER FUNCTION ${called} SECURITY DEFINER`,
    calledTold('error', 'securityDefiner'),
  ],
  [
    'a called function that takes NULL',
    () => `ALTER FUNCTION ${called} CALLED ON NULL INPUT`,
    calledTold('error', 'strict'),
  ],
  [
    'a called function with a search path',
    () => `ALTER FUNCTION ${called} SET search_path = nowhere`,
    calledTold('error', 'settings'),
  ],
  [
    'a function of their own',
    () => 'CREATE FUNCTION dms.mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    () => ['warning extra function dms.mine()'],
  ],
  // sequences
  [
    'a sequence that skips',
    ({ sequence }) => `ALTER SEQUENCE dms."${sequence}" INCREMENT 2`,
    sequenceTold('error', 'increment'),
  ],
  [
    'a sequence that begins again',
    ({ sequence }) => `ALTER SEQUENCE dms."${sequence}" CYCLE`,
    sequenceTold('error', 'cycle'),
  ],
  [
    'a sequence that gives each session a share',
    ({ sequence }) => `ALTER SEQUENCE dms."${sequence}" CACHE 20`,
    sequenceTold('error', 'options'),
  ],
  [
    'an unlogged sequence',
    ({ sequence }) => `ALTER SEQUENCE dms."${sequence}" SET UNLOGGED`,
    sequenceTold('error', 'options'),
    15,
  ],
  [
    'a sequence with another end',
    ({ sequence }) => `ALTER SEQUENCE dms."${sequence}" MAXVALUE 1000000`,
    sequenceTold('error', 'max'),
  ],
  ['a sequence of their own', () => 'CREATE SEQUENCE dms.mine', () => ['warning extra sequence dms.mine']],
  // the rest
  ['a type of their own', () => "CREATE TYPE dms.mine AS ENUM ('x')", () => ['warning extra tableType dms.mine']],
  ['a schema of their own', () => 'CREATE SCHEMA mine', () => ['info extra schema mine']],
  [
    'a resource key',
    () => `UPDATE dms."ResourceKey" SET "ResourceVersion" = '9' WHERE "ResourceKeyId" = 1`,
    () => ['error changed seed dms.ResourceKey 1 resourceVersion'],
  ],
  ['a project', () => `DELETE FROM dms."SchemaComponent"`, () => ['error missing seed dms.SchemaComponent ed-fi']],
  ['nothing', () => 'SELECT 1', () => []],
];

/** Severity, change, kind, path and field of a difference. */
const line = ({ object, path, change, field, severity }: CatalogDifference) =>
  `${severity} ${change} ${object} ${path.join(' ')}${field === undefined ? '' : ` ${field}`}`;

/** Roles belong to the server, not to the catalog of a database. */
const isOfRole = /\b(?:ALTER|CREATE|DROP) ROLE\b|^GRANT "?\w+"? TO/i;

const { version: server } = await serverFacts();

describe.each(mainGenerations)('manual changes in a database of %s', (version) => {
  let database: PostgresDatabase;
  let connection: Connection;
  let wanted: EmittedInput;
  let names: ChangedNames;

  beforeAll(async () => {
    database = await createScratchDatabase();
    connection = await openDatabase(targetOf(database.url));
    wanted = emitted(changedSet(version), 'pgsql');
    names = changedNames(wanted.catalog);
    await connection.execute(givenScript(wanted.script));
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  const tried =
    ([, sql, told]: ManualChange) =>
    async () => {
      const found = await rolledBack(connection, async () => {
        const { read } = await introspectHere(connection);
        const mark = await catalogMark(connection);
        await connection.execute(givenScript('SET LOCAL search_path = public; SET CONSTRAINTS ALL IMMEDIATE'));
        await connection.execute(givenScript(sql(names)));
        const { catalog } = await introspectHere(connection);
        // a later reading in the transaction finds what has changed, and the mark of the catalog differs
        expect((await introspectHere(connection, {}, read)).catalog).toEqual(catalog);
        if (told(names).length > 0 && !isOfRole.test(sql(names))) expect(await catalogMark(connection)).not.toBe(mark);
        return catalog;
      });
      expect(diffCatalogs(wanted.catalog, found).differences.map(line).sort()).toEqual([...told(names)].sort());
    };
  for (const change of inTurn(mainGenerations, version, changes)) {
    const [words, , , since = 14] = change;
    it.skipIf(server < since)(since === 14 ? words : needingVersion(words, since), tried(change));
  }
});
