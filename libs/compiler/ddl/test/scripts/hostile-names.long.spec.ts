import { createHash } from 'node:crypto';
import { DmsError } from '@dms/diagnostics';
import { readScript, staticFindings, tsqlFindings } from '@dms/script-checks';
import { build, propertyRuns, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ddlManifestText, normalizeSql } from '../../src/index.ts';
import { type EmittedSet, emitDocuments } from '../emitted.ts';
import { rolledBack } from '../sql-session.ts';
import { referentialNamespace, uuidOf } from '../uuid.ts';

/*
 * Names and texts of a schema are untrusted: a set with any of them is refused with a diagnostic, or its scripts work
 * and the seeds hold the raw values (design 06 §11 invariant 12).
 */

interface HostileNames {
  readonly project: string;
  readonly endpoint: string;
  readonly version: string;
  readonly resource: string;
  readonly property: string;
  readonly collection: string;
  readonly abstract: string;
  readonly extensionProject: string;
  readonly description: string;
}

const plain: HostileNames = {
  project: 'Ed-Fi',
  endpoint: 'ed-fi',
  version: '1.0.0',
  resource: 'Widget',
  property: 'widgetCode',
  collection: 'parts',
  abstract: 'Thing',
  extensionProject: 'Sample',
  description: '',
};

/** A core with a subclass and a child table, and an extension of it. */
function documents(names: HostileNames): object[] {
  const { integer, object, project, resource, string, array, extensionOf, ext } = build;
  const path = `$.${names.property}`;
  const described = { description: names.description, title: names.description };
  const widget = resource(names.resource, {
    isSubclass: true,
    superclassProjectName: names.project,
    superclassResourceName: names.abstract,
    superclassIdentityJsonPath: '$.thingCode',
    identityJsonPaths: [path],
    documentPathsMapping: { Code: { ...build.scalarPath(path), isPartOfIdentity: true } },
    jsonSchemaForInsert: {
      ...object(
        {
          [names.property]: { ...string(60), ...described },
          [names.collection]: array(object({ [`${names.property}2`]: { ...integer(), ...described } })),
        },
        [names.property],
      ),
      ...described,
    },
  });
  const core = project(names.project, [{ ...widget, endpoint: 'widgets' }], {
    endpoint: names.endpoint,
    version: names.version,
    abstractResources: { [names.abstract]: { identityJsonPaths: ['$.thingCode'] } },
    members: { description: names.description },
  });
  const extension = project(
    names.extensionProject,
    [
      {
        ...extensionOf(names.resource, {
          jsonSchemaForInsert: object({ _ext: ext('sample', object({ [`${names.property}3`]: string(20) })) }),
        }),
        endpoint: 'widgets',
      },
    ],
    { endpoint: 'sample', version: names.version, isExtension: true, members: { description: names.description } },
  );
  return [core, extension];
}

/** The emitted set, or the code of the refusal; any other failure is a bug. */
function emitOrRefuse(names: HostileNames): EmittedSet | string {
  try {
    const set = emitDocuments(...documents(names));
    for (const { script } of set.scripts) expect(script.length).toBeGreaterThan(0);
    return set;
  } catch (error) {
    if (error instanceof DmsError) return error.code;
    throw error;
  }
}

/** Texts byte by byte: a client may drop a byte order mark when it decodes a value. */
async function storedTexts(database: TestDatabase, columns: readonly string[], from: string): Promise<string[][]> {
  const bytes = columns.map((column) => `encode(convert_to("${column}", 'UTF8'), 'hex')`);
  const rows = await database.queryRows(`SELECT ${bytes.join(', ')} FROM ${from}`);
  return rows.map((row) => row.map((hex) => Buffer.from(String(hex), 'hex').toString('utf8')));
}

async function expectSound(database: TestDatabase, set: EmittedSet, names: HostileNames): Promise<void> {
  await rolledBack(database, async () => {
    const { script, inventory } = set.pgsql;
    // the checks without a database read the script as the server does
    expect(staticFindings({ dialect: 'pgsql', scriptSha256: null, ...set.pgsql })).toEqual([]);
    await database.exec(script);
    await database.exec(script);
    expect(
      await storedTexts(
        database,
        ['ProjectName', 'ResourceName', 'ResourceVersion'],
        'dms."ResourceKey" ORDER BY "ResourceKeyId"',
      ),
    ).toEqual(
      set.set.info.resourceKeys.map(({ projectName, resourceName, resourceVersion }) => [
        projectName,
        resourceName,
        resourceVersion,
      ]),
    );
    expect(new Set(set.set.info.resourceKeys.map(({ resourceName }) => resourceName))).toEqual(
      new Set([names.resource, names.abstract]),
    );
    expect(set.set.info.resourceKeys.every(({ projectName }) => projectName === names.project)).toBe(true);
    const components = await storedTexts(
      database,
      ['ProjectEndpointName', 'ProjectName', 'ProjectVersion'],
      'dms."SchemaComponent"',
    );
    expect(components).toHaveLength(2);
    expect(components).toContainEqual([names.endpoint, names.project, names.version]);
    expect(components).toContainEqual(['sample', names.extensionProject, names.version]);

    // a row of the resource: both identities are hashes of the raw names, and the abstract row holds the raw names
    const trigger = inventory.triggers.find(({ kind }) => kind === 'ReferentialIdentityMaintenance');
    if (trigger?.kind !== 'ReferentialIdentityMaintenance') throw new Error('no identity trigger');
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    const [element] = trigger.identityElements;
    const value = `'"$$#`;
    await database.query(
      `INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), $1)`,
      [trigger.resourceKeyId],
    );
    await database.query(
      `INSERT INTO ${quoted(trigger.table.schema)}.${quoted(trigger.table.name)} ("DocumentId", ${quoted(element?.column ?? '')}) SELECT "DocumentId", $1 FROM dms."Document"`,
      [value],
    );
    const rows = await database.queryRows('SELECT "ReferentialId"::text FROM dms."ReferentialIdentity"');
    expect(new Set(rows.map(([id]) => id))).toEqual(
      new Set([
        uuidOf(referentialNamespace, `${names.project}${names.resource}$.${names.property}=${value}`),
        uuidOf(referentialNamespace, `${names.project}${names.abstract}$.thingCode=${value}`),
      ]),
    );
    const [view] = set.pgsql.model.abstractUnionViews;
    const viewName = `${quoted(view?.view.schema ?? '')}.${quoted(view?.view.name ?? '')}`;
    expect(await storedTexts(database, ['Discriminator'], viewName)).toEqual([[`${names.project}:${names.resource}`]]);
  });
  const mssql = readScript(set.mssql.script);
  expect(tsqlFindings(mssql)).toEqual([]);
  const literals = new Set(
    // the seeds are in the batch before the last one
    mssql.batches
      .at(-2)
      ?.tokens.filter(({ kind }) => kind === 'string')
      .map(({ value }) => value),
  );
  for (const name of [
    names.project,
    names.resource,
    names.abstract,
    names.endpoint,
    names.extensionProject,
    names.version,
  ])
    expect(literals).toContain(name);
}

const hostileParts = [
  "'",
  '"',
  ']',
  '[',
  '$$',
  '$dms$',
  '$func$',
  '$create$',
  '%',
  '%s',
  '\\',
  '--',
  '/*',
  '*/',
  ';',
  'GO',
  '\nGO\n',
  'é',
  'ß',
  '学校',
  '\u{1F3EB}',
  '|',
  ' ',
  '.',
  '#',
  '=',
  '\u00a0',
  '\ufeff',
  '\u200b',
  "N'",
  '{',
  '@x',
  '\t',
];

/** Mostly harmless letters, with a few of the parts above. */
const hostile = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        { arbitrary: fc.constantFrom('a', 'B', 'c', '7', 'Xy'), weight: 3 },
        { arbitrary: fc.constantFrom(...hostileParts), weight: 2 },
      ),
      { minLength: 1, maxLength: 10 },
    )
    .map((parts) => `w${parts.join('')}`.slice(0, maxLength))
    .filter((text) => text.isWellFormed());

/** Texts without the characters that the format forbids, so that scripts are emitted. */
const allowed = (maxLength: number) =>
  hostile(maxLength).map((text) => text.replaceAll(/[|\\/\p{Cc}\p{Cf}]/gu, '').replace(/[\s.]+$/u, '') || 'w');

const property = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-zA-Zé学_][a-zA-Z0-9é学_-]{0,80}$/), weight: 6 },
  { arbitrary: hostile(30), weight: 1 },
);

const namesArbitrary: fc.Arbitrary<HostileNames> = fc.record({
  project: fc.oneof({ arbitrary: allowed(40), weight: 5 }, { arbitrary: hostile(40), weight: 1 }),
  endpoint: allowed(30),
  version: allowed(20),
  resource: fc.oneof({ arbitrary: allowed(60), weight: 5 }, { arbitrary: hostile(60), weight: 1 }),
  property,
  collection: fc.oneof(
    { arbitrary: fc.stringMatching(/^[a-zA-Z]{1,60}s$/), weight: 6 },
    { arbitrary: hostile(20), weight: 1 },
  ),
  abstract: allowed(30).map((text) => `T${text}`),
  extensionProject: allowed(30).map((text) => `E${text}`),
  description: fc.oneof(
    hostile(60),
    fc.constantFrom('x'.repeat(1000), "'".repeat(1000), '学'.repeat(1000), '\nGO\n'.repeat(250)),
  ),
});

const numRuns = Math.max(5, propertyRuns(15));

describe.each(usualDatabaseEngines())('hostile names on $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
  });

  afterAll(() => database.close());

  it('are refused, or stored and hashed as they are', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(namesArbitrary, async (names) => {
        const result = emitOrRefuse(names);
        if (typeof result === 'string') return;
        accepted += 1;
        await expectSound(database, result, names);
        for (const { script } of result.scripts) expect(normalizeSql(script)).toBe(script);
      }),
      { numRuns },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('harmless ones are accepted', async () => {
    const result = emitOrRefuse(plain);
    expect(result).not.toBeTypeOf('string');
    await expectSound(database, result as EmittedSet, plain);
  });

  it.each([
    `O'Neil $$ 100% x`,
    `$dms$ %s "q"`,
    `'; DROP SCHEMA dms CASCADE; --`,
    `]]; DROP TABLE [dms].[Document]; --`,
    '-- comment',
    '$func$;$$;$dms$;$dms1$;$install$',
    'A$func$B$dms$C',
    `''''''`,
    '"""',
    'GO',
    'blanks  within',
    'naïve Ångström 学校 \u{1F3EB}',
    'no\u00a0break',
    '@resource_key_count',
    '%I %L %% %1$s',
    "E''",
    'x'.repeat(120),
  ])('%j as project, resource and abstract name', async (text) => {
    const names = {
      ...plain,
      project: text,
      resource: `R${text}`,
      abstract: `A${text}`,
      extensionProject: `E${text}`,
      version: text.slice(0, 32),
      description: text,
    };
    const result = emitOrRefuse(names);
    expect(result).not.toBeTypeOf('string');
    await expectSound(database, result as EmittedSet, names);
  });

  it.each([
    'a|b',
    'a\nGO\nb',
    'a\tb',
    'a\rb',
    'a\u0085b',
    '\u0000',
    '\u007f',
    ' ',
    'a \u2028b',
    'a\u2029 b',
    '\ufeffmark',
    'mark\u200bed',
    'a\u202eb',
  ])('%j is refused as a name', (text) => {
    for (const member of ['project', 'resource', 'abstract', 'endpoint', 'version', 'extensionProject'] as const)
      expect(emitOrRefuse({ ...plain, [member]: text }), member).toBeTypeOf('string');
  });

  it.each([`O'Neil \\x`, '/* open', "E'\\'", ' leading', 'trailing ', '\u00a0mark', '.hidden', 'ends.', '..'])(
    '%j is refused as a name, because files are named after it, and stored as a version',
    async (text) => {
      for (const member of ['project', 'resource', 'abstract', 'endpoint', 'extensionProject'] as const)
        expect(emitOrRefuse({ ...plain, [member]: text }), member).toBe('INPUT_VALUE_UNSAFE');
      const names = { ...plain, version: text, description: text };
      const result = emitOrRefuse(names);
      expect(result).not.toBeTypeOf('string');
      await expectSound(database, result as EmittedSet, names);
    },
  );

  it.each([`a"b`, "a'b", 'a]b', 'a b', '$$', 'a.b', '\u{1F3EB}', 'a*'])('%j is refused as a property', (text) => {
    expect(emitOrRefuse({ ...plain, property: text })).toBeTypeOf('string');
  });

  it.each(['x'.repeat(1000), "'".repeat(1000), '\r\nGO\r\n'.repeat(160), '\u2028 \u{1F3EB} $$ */'])(
    'a description changes nothing but the hash (%#)',
    (description) => {
      const withText = emitOrRefuse({ ...plain, description }) as EmittedSet;
      const without = emitOrRefuse(plain) as EmittedSet;
      const hashes = (set: EmittedSet, text: string) => text.replaceAll(set.set.info.effectiveSchemaHash, '…');
      for (const dialect of ['pgsql', 'mssql'] as const)
        expect(hashes(withText, withText.in(dialect).script)).toBe(hashes(without, without.in(dialect).script));
    },
  );
});

describe('the manifest of a script with hostile names', () => {
  it('has the hash of the file', () => {
    const set = emitOrRefuse({ ...plain, project: `O'Neil $$ 学校` }) as EmittedSet;
    const [element] = JSON.parse(ddlManifestText(set.set.info, [set.scripts[0]!])).ddl;
    expect(element.normalized_sql_sha256).toBe(
      createHash('sha256').update(set.scripts[0]!.script, 'utf8').digest('hex'),
    );
  });
});
