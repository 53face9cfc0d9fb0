import { diffCatalogs, diffText, ownerRoleNames } from '@dms/catalog';
import { givenScript } from '@dms/sql';
import { hasSharedData, isThorough, ownSchemaFile, sharedFile } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { empty } from '../../test/benches.ts';
import { engines, type OpenedEngine } from '../../test/engines.ts';
import { type EmittedInput, emitted, setOfFiles, small } from '../../test/schema-sets.ts';
import { type Introspected, introspect } from './introspect.ts';

/* The catalog that is read back from a database equals the one that its script was made from (design 09a §1). */

const ownFiles = [ownSchemaFile('campus'), ownSchemaFile('athletics')];
const sets: readonly { readonly name: string; readonly input: () => Promise<EmittedInput> }[] = [
  { name: 'one resource', input: async () => small },
  { name: 'campus and athletics', input: async () => emitted(await setOfFiles(...ownFiles), 'pgsql') },
  ...(hasSharedData && isThorough
    ? [
        {
          name: 'the published core 5.2 with TPDM (needs DMS_PROPERTY_RUNS above 1)',
          input: async () =>
            emitted(
              await setOfFiles(
                sharedFile('inputs', 'ds-5.2-core.json'),
                sharedFile('inputs', 'tpdm-1.1-extension.json'),
              ),
              'pgsql',
            ),
        },
      ]
    : []),
];

const inputs = new Map<string, Promise<EmittedInput>>();

/** The input of a set, made once for both engines. */
function inputOf({ name, input }: (typeof sets)[number]): Promise<EmittedInput> {
  const known = inputs.get(name) ?? input();
  inputs.set(name, known);
  return known;
}

const found = new Map<string, Introspected>();

/** Creates the role that other databases of the server need and the databases here do not; it stays for other tests. */
const ownerOfOthers = `DO $$ BEGIN CREATE ROLE "${ownerRoleNames[0]}" NOLOGIN; EXCEPTION WHEN OTHERS THEN NULL; END $$`;

describe.each(engines())('on $name', ({ name: engine, open }) => {
  let opened: OpenedEngine;
  beforeAll(async () => {
    opened = await open();
    await opened.connection.execute(givenScript(ownerOfOthers));
  });
  afterAll(() => opened.close());

  it.each(sets)('$name is read back as it was meant: no difference, warnings and infos included', async (set) => {
    const { name } = set;
    const wanted = await inputOf(set);
    await empty(opened.connection);
    await opened.connection.execute(givenScript(wanted.script));
    const introspected = await introspect(opened.connection);
    found.set(`${name} on ${engine}`, introspected);
    expect(introspected.diagnostics).toEqual([]);
    expect(introspected.catalog.roles).toEqual([]);
    const diff = diffCatalogs(wanted.catalog, introspected.catalog);
    const count = wanted.catalog.tables.length;
    expect(diffText(introspected.catalog, diff)).toBe(`pgsql: 0 differences in ${count} tables`);
    expect(diff).toEqual({ differences: [], renames: [] });
  });
});

it.each(sets)('$name is the same on both engines, bodies of views included', ({ name }) => {
  const [embedded, server] = engines().map((engine) => found.get(`${name} on ${engine.name}`)?.catalog);
  if (!embedded || !server) throw new Error('a set was not read back');
  expect(server).toEqual(embedded);
});
