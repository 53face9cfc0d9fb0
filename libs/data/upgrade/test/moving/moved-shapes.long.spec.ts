import type { Connection } from '@dms/databases';
import { failIfAny } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { build, errorOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyUpgrade, prepareUpgrade, surveyUpgrade, type UpgradePlan, upgradeStatus } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, compiled, contentsOf, databaseText, openEmbedded } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { schools, subclass } from '../schools.ts';
import { provisioned } from '../upgraded-v2.ts';

/* A database that moves to the shape of another generation and back, with one schema set (design 22 §7). */

/** A kind of event, whose time identifies it. */
const event = (name: string) => {
  const time = `${name.toLowerCase()}At`;
  const members = {
    identityJsonPaths: [`$.${time}`],
    jsonSchemaForInsert: build.object({ [time]: build.dateTime() }, [time]),
  };
  return subclass(name, 'Event', { ...members, superclassIdentityJsonPath: '$.eventAt' });
};

const sets = schools();
sets.core.abstractResources.Event = { identityJsonPaths: ['$.eventAt'] };
for (const name of ['Meeting', 'Outing']) sets.add(event(name));
sets.add(
  build.resource('Visit', {
    identityJsonPaths: ['$.kindDescriptor'],
    documentPathsMapping: {
      Kind: { ...build.descriptorPath('Core:KindDescriptor', '$.kindDescriptor'), isPartOfIdentity: true },
    },
    jsonSchemaForInsert: build.object({ kindDescriptor: build.uri() }, ['kindDescriptor']),
  }),
);

const hashed = compiled(sets.documents, 'pgsql', 'v2');
const natural = compiled(sets.documents, 'pgsql', 'v2-natural');

let connection: Connection;
/** All rows before the first move. */
let first: string;

/** Rows of all tables; a move keeps those of every table that both shapes have. */
const rows = () => databaseText(connection);

/** Another descriptor of the resource of the first one, with this code value. */
const alike = (code: string) => `
  WITH d AS (
    INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId")
    SELECT gen_random_uuid(), "ResourceKeyId" FROM dms."Descriptor" ORDER BY "DocumentId" LIMIT 1
    RETURNING "DocumentId", "ResourceKeyId"
  )
  INSERT INTO dms."Descriptor" ("DocumentId", "ResourceKeyId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
  SELECT d."DocumentId", d."ResourceKeyId", f."Namespace", ${code}, 'a', f."Discriminator", f."Namespace" || '#' || ${code}
  FROM d CROSS JOIN (SELECT * FROM dms."Descriptor" ORDER BY "DocumentId" LIMIT 1) AS f`;

/** A document like the first one in a table, with other values; they may read that row as `t`. */
const copied = (resource: string, values: string, from = resource) => `
  WITH d AS (
    INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId")
    SELECT gen_random_uuid(), "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = '${resource}'
    RETURNING "DocumentId"
  )
  INSERT INTO core."${resource}"
  SELECT (jsonb_populate_record(NULL::core."${resource}", to_jsonb(t) || jsonb_build_object('DocumentId', d."DocumentId", ${values}))).*
  FROM d CROSS JOIN (SELECT * FROM core."${from}" ORDER BY "DocumentId" LIMIT 1) AS t`;

const removeCopied = (resource: string) => untriggered(`core."${resource}"`, removeAlike);

const removeAlike = `DELETE FROM dms."Document" AS d USING (SELECT max("DocumentId") AS id FROM dms."Document") AS l WHERE d."DocumentId" = l.id`;

const untriggered = (table: string, statement: string) =>
  `ALTER TABLE ${table} DISABLE TRIGGER ALL; ${statement}; ALTER TABLE ${table} ENABLE TRIGGER ALL`;

const otherKey = `(SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'Room')`;

const identities = 'core."EducationOrganizationIdentity"';

/** A district with the id of a school, in a database without the key that forbids it. */
const sameIdentity = (isHashed: boolean) => {
  const district = copied('District', `'DistrictId', t."SchoolId"`, 'School');
  const switched = (to: string) => `ALTER TABLE core."District" ${to} TRIGGER "TR_District_ReferentialIdentity"`;
  // a referential id would be refused
  const written = isHashed ? `${switched('DISABLE')}; ${district}; ${switched('ENABLE')}` : district;
  return {
    plant: `ALTER TABLE ${identities} DROP CONSTRAINT "UX_EducationOrganizationIdentity_NK"; ${written}`,
    undo: `${removeCopied('District')}; ALTER TABLE ${identities} ADD CONSTRAINT "UX_EducationOrganizationIdentity_NK" UNIQUE ("EducationOrganizationId")`,
    code: 'UPGRADE_DRIFTED',
    text: /E unique UX_EducationOrganizationIdentity_NK/,
  };
};

/** What keeps a database from moving: what is planted, how it is removed, and the refusal. */
interface Hindrance {
  readonly from: 'v2' | 'v2-natural';
  readonly plant: string;
  readonly undo: string;
  readonly code: string;
  readonly text: RegExp;
}

const hindrances: Readonly<Record<string, Hindrance>> = {
  'descriptors that differ in case': {
    from: 'v2',
    plant: alike(`upper(f."CodeValue")`),
    undo: removeAlike,
    code: 'UPGRADE_ROWS_OBJECT',
    text: /index added: dms\.Descriptor\.UX_Descriptor_UriLowered_ResourceKeyId: 2 rows have values that another row has too \(documents of Core:GradeDescriptor: [-0-9a-f]{36}, [-0-9a-f]{36}\)/,
  },
  'a descriptor whose document has another resource': {
    from: 'v2',
    plant: untriggered(
      'dms."Descriptor"',
      `UPDATE dms."Descriptor" SET "ResourceKeyId" = ${otherKey} WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")`,
    ),
    undo: untriggered(
      'dms."Descriptor"',
      `UPDATE dms."Descriptor" AS t SET "ResourceKeyId" = d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId"`,
    ),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /foreign key changed: dms\.Descriptor\.FK_Descriptor_DocumentResourceKey: 1 row names no row of dms\.Document/,
  },
  'an abstract row whose document has another resource': {
    from: 'v2',
    plant: untriggered(
      'dms."Document"',
      `CREATE TABLE public.kept AS SELECT "DocumentId" AS id, "ResourceKeyId" AS key FROM dms."Document" WHERE "DocumentId" = (SELECT min("DocumentId") FROM core."School");
       UPDATE dms."Document" AS d SET "ResourceKeyId" = ${otherKey} FROM public.kept AS k WHERE k.id = d."DocumentId"`,
    ),
    undo: untriggered(
      'dms."Document"',
      `UPDATE dms."Document" AS d SET "ResourceKeyId" = k.key FROM public.kept AS k WHERE k.id = d."DocumentId"; DROP TABLE public.kept`,
    ),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /column filled: core\.EducationOrganizationIdentity\.ResourceKeyId: 1 row has a document of another resource/,
  },
  'members of an abstract resource with one identity': { from: 'v2', ...sameIdentity(true) },
  'a view that computes referential ids': {
    from: 'v2',
    plant: `CREATE VIEW public.ids AS SELECT dms.uuidv5('edf1edf1-3df1-3df1-3df1-3df1edf1edf1', 'a') AS id`,
    undo: 'DROP VIEW public.ids',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /view public\.ids \(on dms\.uuidv5\)/,
  },
  'a function that names the one of referential ids': {
    from: 'v2',
    plant: `CREATE FUNCTION public.own_id(text) RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN dms.uuidv5('edf1edf1-3df1-3df1-3df1-3df1edf1edf1', $1); END $$`,
    undo: 'DROP FUNCTION public.own_id(text)',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /function public\.own_id\(pg_catalog\.text\) \(on dms\.uuidv5\)/,
  },
  'a function that names it in capitals after an escape': {
    from: 'v2',
    plant: String.raw`CREATE FUNCTION public.own_id() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE E'SELECT\nUUIDv5(NULL, NULL)'; END $$`,
    undo: 'DROP FUNCTION public.own_id()',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /function public\.own_id\(\) \(on dms\.uuidv5\)/,
  },
  'a function that names the table of referential ids': {
    from: 'v2',
    plant: `CREATE FUNCTION public.ids() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM dms."ReferentialIdentity"); END $$`,
    undo: 'DROP FUNCTION public.ids()',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /function public\.ids\(\) \(on dms\.ReferentialIdentity\)/,
  },
  'a publication of the table of referential ids': {
    from: 'v2',
    plant: `CREATE PUBLICATION feed FOR TABLE dms."Document", dms."ReferentialIdentity"`,
    undo: 'DROP PUBLICATION feed',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /dms\."ReferentialIdentity" in publication feed \(on dms\.ReferentialIdentity\)/,
  },
  'a table that a replaced key identifies to subscribers': {
    from: 'v2',
    plant: 'ALTER TABLE dms."Descriptor" REPLICA IDENTITY USING INDEX "UX_Descriptor_Uri_Discriminator"',
    undo: 'ALTER TABLE dms."Descriptor" REPLICA IDENTITY DEFAULT',
    code: 'UPGRADE_CANNOT_KEEP',
    text: /the replica identity of index UX_Descriptor_Uri_Discriminator of dms\.Descriptor/,
  },
  'members of an abstract resource with one identity, back': { from: 'v2-natural', ...sameIdentity(false) },
  'an abstract row with the key of another member': {
    from: 'v2-natural',
    plant: untriggered(
      identities,
      `UPDATE ${identities} SET "ResourceKeyId" = (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'District') WHERE "DocumentId" = (SELECT min("DocumentId") FROM core."School")`,
    ),
    undo: untriggered(
      identities,
      `UPDATE ${identities} AS t SET "ResourceKeyId" = d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId"`,
    ),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /column removed: core\.EducationOrganizationIdentity\.ResourceKeyId: 1 row has a document of another resource/,
  },
  'a publication of a column that goes': {
    from: 'v2-natural',
    plant: 'CREATE PUBLICATION feed FOR TABLE core."EducationOrganizationIdentity" ("DocumentId", "ResourceKeyId")',
    undo: 'DROP PUBLICATION feed',
    code: 'UPGRADE_VIEWS_OBJECT',
    text: /publication feed \(on core\.EducationOrganizationIdentity\.ResourceKeyId\)/,
  },
  'a trigger on the table of referential ids': {
    from: 'v2',
    plant: `CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER noted AFTER INSERT ON dms."ReferentialIdentity" FOR EACH ROW EXECUTE FUNCTION public.noted()`,
    undo: 'DROP TRIGGER noted ON dms."ReferentialIdentity"; DROP FUNCTION public.noted()',
    code: 'UPGRADE_DRIFTED',
    text: /E trigger noted/,
  },
  'a descriptor with the key of another resource': {
    from: 'v2-natural',
    plant: untriggered(
      'dms."Descriptor"',
      `UPDATE dms."Descriptor" SET "ResourceKeyId" = ${otherKey} WHERE "DocumentId" = (SELECT min("DocumentId") FROM dms."Descriptor")`,
    ),
    undo: untriggered(
      'dms."Descriptor"',
      `UPDATE dms."Descriptor" AS t SET "ResourceKeyId" = d."ResourceKeyId" FROM dms."Document" AS d WHERE d."DocumentId" = t."DocumentId"`,
    ),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /referential ids: dms\.ReferentialIdentity: 1 row has a document of another resource \(document of Core:\w+Descriptor: /,
  },
  'a descriptor in the identity of a document, which the database lower-cases differently': {
    from: 'v2-natural',
    plant: `${alike(`U&'\\0130'`)}; ${copied('Visit', `'KindDescriptor_DescriptorId', (SELECT max("DocumentId") FROM dms."Descriptor")`)}`,
    undo: `${removeCopied('Visit')}; ${removeAlike}`,
    code: 'UPGRADE_ROWS_OBJECT',
    text: /referential ids: dms\.ReferentialIdentity: 1 row has a URI that the database lower-cases differently from dms/,
  },
  'identities that differ in fractions of seconds': {
    from: 'v2-natural',
    plant: copied('Meeting', `'MeetingAt', t."MeetingAt" + interval '0.5 s'`),
    undo: removeCopied('Meeting'),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /Core:Meeting: referential ids: Core:Meeting: 2 rows have the referential id of another row/,
  },
  'members of two tables whose identities differ in fractions of seconds': {
    from: 'v2-natural',
    plant: copied('Outing', `'OutingAt', t."MeetingAt" + interval '0.5 s'`, 'Meeting'),
    undo: removeCopied('Outing'),
    code: 'UPGRADE_ROWS_OBJECT',
    text: /\(core\): referential ids: dms\.ReferentialIdentity: 2 rows have the referential id of another row/,
  },
  'descriptors that programs lower to one text': {
    from: 'v2-natural',
    plant: `${alike(`U&'\\0130'`)}; ${alike(`U&'i\\0307'`)}`,
    undo: `${removeAlike}; ${removeAlike}`,
    code: 'UPGRADE_ROWS_OBJECT',
    text: /referential ids: dms\.ReferentialIdentity: 2 rows have the referential id of another row/,
  },
};

/** Functions that stay as they are, although a name in them contains that of a dropped one; and a publication and rights. */
const unhindering = `CREATE FUNCTION public.my_uuidv5() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION public.similar_name() RETURNS int LANGUAGE sql AS 'SELECT public.my_uuidv5() AS my_ReferentialIdentity';
  CREATE PUBLICATION feed FOR TABLE dms."Document", core."EducationOrganizationIdentity", dms."Descriptor" ("DocumentId", "Uri");
  CREATE ROLE reader;
  GRANT SELECT ON dms."Descriptor", dms."ReferentialIdentity", core."EducationOrganizationIdentity" TO reader;
  GRANT SELECT ON core."EducationOrganization_View" TO reader WITH GRANT OPTION;
  GRANT UPDATE ("Uri") ON dms."Descriptor" TO reader;
  GRANT EXECUTE ON FUNCTION dms.uuidv5(uuid, text) TO reader`;
const removeUnhindering =
  'DROP OWNED BY reader; DROP ROLE reader; DROP PUBLICATION feed; DROP FUNCTION public.similar_name(); DROP FUNCTION public.my_uuidv5()';

/** The publication, and the rights of the role. */
const givenByOthers = async () =>
  (
    await connection.query<{ given: string }>(
      trusted(`SELECT format('%s.%s', schemaname, tablename) AS given FROM pg_publication_tables UNION ALL
       SELECT format('%s: %s', oid::regclass, relacl) FROM pg_class WHERE relacl::text LIKE '%reader=%' UNION ALL
       SELECT format('%s.%s: %s', attrelid::regclass, attname, attacl) FROM pg_attribute WHERE attacl::text LIKE '%reader=%' ORDER BY 1`),
    )
  ).map(({ given }) => given);

const move = (from: 'v2' | 'v2-natural', options = {}) =>
  from === 'v2'
    ? applyUpgrade(connection, hashed, natural, options)
    : applyUpgrade(connection, natural, hashed, options);

const refusals = (from: Hindrance['from']) => Object.entries(hindrances).filter(([, each]) => each.from === from);

/** What a refusal advises. */
const wayOut =
  /Change them, and run it again\.|Remove these first|Give the table another one first|dms-ddl check shows how/;

async function expectRefused({ from, plant, undo, code, text }: Hindrance): Promise<void> {
  await connection.execute(givenScript(plant));
  const before = await rows();
  try {
    const pair = from === 'v2' ? ([hashed, natural] as const) : ([natural, hashed] as const);
    const surveyed = () =>
      surveyUpgrade(connection, ...pair, { plan: planUpgrade(...pair) }).then(({ errors }) => failIfAny(errors));
    // a preparation reads no rows
    const prepared = code === 'UPGRADE_DRIFTED' ? [() => prepareUpgrade(connection, ...pair)] : [];
    for (const refused of [surveyed, ...prepared, () => move(from, { dryRun: true }), () => move(from)]) {
      const error = await errorOf(refused);
      expect([...new Set(error.diagnostics.map((each) => each.code))]).toEqual([code]);
      expect(error.message).toMatch(text);
      expect(error.message).toMatch(wayOut);
      expect(await rows()).toBe(before);
    }
  } finally {
    await connection.execute(givenScript(undo));
  }
}

/** A connection whose statement with this number fails, from 0. */
function failingAt(number: number): Connection {
  let sent = 0;
  return {
    ...connection,
    execute: async (text, limits) => {
      if (sent === number) await connection.execute(givenScript('SELECT 1 / 0'));
      sent += 1;
      return connection.execute(text, limits);
    },
  };
}

/** Expects the move to change nothing when its first, a middle or its last statement fails. */
async function expectUnchangedByFailures({ statements }: UpgradePlan, from: Compiled, to: Compiled): Promise<void> {
  const before = await rows();
  for (const number of [0, Math.floor(statements.length / 2), statements.length - 2]) {
    const { message } = await errorOf(() => applyUpgrade(failingAt(number), from, to));
    expect(message).toContain('division by zero (22012)');
    expect(await rows(), String(number)).toBe(before);
  }
}

// letters beyond ASCII that the database lower-cases as programs do
const uris = ['uri://example.org/KindDescriptor#É', 'uri://example.org/KindDescriptor#Ωi̇'];

beforeAll(async () => {
  connection = await openEmbedded();
  const contents = contentsOf(hashed.model);
  const others = uris.map((uri, index) => ({
    resource: 'Core:KindDescriptor',
    uuid: `00000000-0000-4000-9000-00000000000${index}`,
    uri,
  }));
  const visits = uris.map((uri, index) => ({
    resource: 'Core:Visit',
    uuid: `00000000-0000-4000-a000-00000000000${index}`,
    document: new Map([['kindDescriptor', uri]]),
  }));
  await provisioned(connection, hashed, {
    descriptors: [...contents.descriptors, ...others],
    documents: [...contents.documents, ...visits],
  });
  first = await rows();
});
afterAll(() => connection.close());

describe('a database that moves between shapes', () => {
  it.each(refusals('v2'))('is refused there: %s', (_, hindrance) => expectRefused(hindrance));

  it('keeps its shape when a statement fails, and gets the other one otherwise', async () => {
    const there = planUpgrade(hashed, natural);
    await expectUnchangedByFailures(there, hashed, natural);

    const { made } = await prepareUpgrade(connection, hashed, natural);
    expect(made.map(({ subject }) => subject)).toEqual(['dms.Document', 'dms.Document']);
    await connection.execute(givenScript(unhindering));
    const given = await givenByOthers();
    const { outcome, plan, prepared } = await move('v2');
    const isOfIds = (text: string) => text.startsWith('dms."ReferentialIdentity"');
    expect([given.length, await givenByOthers()]).toEqual([8, given.filter((text) => !isOfIds(text))]);
    await connection.execute(givenScript(removeUnhindering));
    expect([outcome, plan.hash, prepared > 0]).toEqual(['upgraded', there.hash, true]);
    await expectCatalog(connection, natural);
    expect((await move('v2')).outcome).toBe('alreadyUpgraded');
    expect((await upgradeStatus(connection)).history[0]).toMatchObject({
      kind: 'reshaped',
      shape: 'v2-natural',
      earlierShape: 'v2',
      plan: there.hash,
    });
  });

  it.each(refusals('v2-natural'))('is refused back: %s', (_, hindrance) => expectRefused(hindrance));

  it('moves back row for row, unless a statement fails', async () => {
    await expectUnchangedByFailures(planUpgrade(natural, hashed), natural, hashed);
    expect((await move('v2-natural')).outcome).toBe('upgraded');
    await expectCatalog(connection, hashed);
    expect(await rows()).toBe(first);
    expect((await upgradeStatus(connection)).history.map(({ kind }) => kind)).toEqual([
      'reshaped',
      'reshaped',
      'began',
    ]);
  });
});
