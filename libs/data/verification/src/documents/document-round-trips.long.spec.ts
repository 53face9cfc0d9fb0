import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildEffectiveSchema } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, sampleDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { DocumentFolder, dumpDocuments, loadDocuments } from '@dms/loading';
import { compileMappingSet } from '@dms/plans';
import { givenScript } from '@dms/sql';
import {
  changedTexts,
  dumpedTexts,
  hasSharedData,
  isThorough,
  ownSchema,
  ownScriptedSet,
  type ProvisionedEngine,
  propertyRuns,
  readSharedJson,
  schemaSets,
  serverEngine,
  usualProvisionedEngines,
} from '@dms/testing';
import { toJsonValue } from '@dms/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocumentRoundTrips } from './document-round-trips.ts';

function emitted(schemas: readonly unknown[]) {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const { model } = deriveModel(buildEffectiveSchema(documents), 'pgsql');
  const inventory = deriveInventory(model);
  return { model, inventory, script: emitDdl(model, inventory).script };
}

/**
 * Loads a sample, dumps it, loads the dump into the emptied database and dumps again; returns the texts of both dumps
 * by file.
 */
async function dumpedTwice(connection: Connection, { model, inventory }: RoundTripSet) {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-dumped-twice-'));
  const place = (name: string) => path.join(folder, name);
  const plans = documentPlans(compileMappingSet(model), inventory);
  const load = async (name: string) => {
    const { total } = await loadDocuments([connection], plans, [place(name)], { onExisting: 'replace' });
    expect(total.rejected).toBe(0);
    return total;
  };
  const dump = async (name: string) => {
    await dumpDocuments(connection, plans, place(name));
    return dumpedTexts(place(name));
  };
  try {
    await DocumentFolder.write(place('sample'), model, async (output) => {
      for (const { resource, document } of sampleDocuments(model, { documents: 300, seed: 1 }))
        await output.add(resource, document);
    });
    await load('sample');
    const first = await dump('first');
    await connection.execute(
      givenScript('TRUNCATE TABLE dms."Document", auth."EducationOrganizationIdToEducationOrganizationId" CASCADE'),
    );
    const { inserted, replaced, unchanged } = await load('first');
    const lines = Object.values(first).join('').trimEnd().split('\n').length;
    expect({ inserted, replaced, unchanged }).toEqual({ inserted: lines, replaced: 0, unchanged: 0 });
    return { first, second: await dump('second') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const own = () => [ownSchema('campus'), ownSchema('athletics')];

type RoundTripSet = ReturnType<typeof emitted>;

interface CheckedRoundTrip {
  readonly damage?: string;
  readonly random?: number;
  /** Runs on the same database. */
  readonly afterwards?: (connection: Connection, emitted: RoundTripSet) => Promise<void>;
}

async function checkedOn(
  { open }: ProvisionedEngine,
  schemas: readonly unknown[],
  { damage = '', random, afterwards }: CheckedRoundTrip = {},
) {
  const all = emitted(schemas);
  const { model, inventory, script } = all;
  const database = await open(script);
  try {
    await database.connection.execute(givenScript(damage));
    const found = await checkDocumentRoundTrips(database.connection, model, inventory, { random });
    await afterwards?.(database.connection, all);
    const resources = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables').length;
    return { ...found, of: resources };
  } finally {
    await database.close();
  }
}

describe.each(usualProvisionedEngines())('documents of every resource on $name', (engine) => {
  it('the schemas of this repository: all shapes are written, read, replaced and removed', async () => {
    const { of, ...found } = await checkedOn(engine, own());
    expect(found).toEqual({ resources: of, written: 5 * of, replaced: 5 * of, skipped: [], failures: [] });
  });

  // the complete verification of 5.2 does the same, except for the dump (verify-script.long.spec.ts)
  if (isThorough && !engine.isServer)
    it.skipIf(!hasSharedData)(
      'the data standard 5.2, and a dump of it loads into the same, byte for byte (needs the shared conformance data)',
      async () => {
        const afterwards = async (connection: Connection, all: RoundTripSet) => {
          const { first, second } = await dumpedTwice(connection, all);
          expect(second).toEqual(first);
          const ofDocuments = Object.keys(first).filter((file) => !/descriptors\.jsonl$/i.test(file));
          expect(ofDocuments.length).toBeGreaterThan(100);
        };
        const found = await checkedOn(engine, [readSharedJson('inputs', 'ds-5.2-core.json')], {
          random: 1,
          afterwards,
        });
        expect(found).toEqual({ resources: 138, of: 138, written: 414, replaced: 414, skipped: [], failures: [] });
      },
    );
});

describe.each([serverEngine])('what is wrong, on $name', (engine) => {
  it.each<[string, string, string, RegExp]>([
    [
      'referential ids',
      'DROP TRIGGER "TR_Staff_ReferentialIdentity_Insert" ON campus."Staff"',
      'read',
      /the referential id null instead of/,
    ],
    [
      'a value',
      'CREATE FUNCTION campus.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."GivenName" := \'x\'; RETURN NEW; END $$; CREATE TRIGGER spoil BEFORE INSERT ON campus."Staff" FOR EACH ROW EXECUTE FUNCTION campus.spoil()',
      'read',
      /"givenName":"x".* instead of/,
    ],
    ['a constraint', 'ALTER TABLE campus."Student" ADD CHECK (false)', 'write', /DOCUMENT_REFUSED|refused a row/],
    ['a cascade', 'ALTER TABLE campus."StaffPhone" DROP CONSTRAINT "FK_StaffPhone_Staff"', 'remove', /rows are left/],
  ])('%s that is wrong is found', async (_, damage, phase, text) => {
    const { failures } = await checkedOn(engine, own(), { damage: named(damage, emitted(own()).script), random: 0 });
    expect(failures.filter((failure) => failure.phase === phase && text.test(failure.found))).not.toEqual([]);
  });
});

describe('the check of probes', () => {
  const folded = (text: string) => `lower(${text} COLLATE "pg_c_utf8")`;

  it.each([
    [
      'a target probe that ignores a value',
      '"edfi"."Session" t ON t."School_SchoolId" = k.k0 AND ',
      '"edfi"."Session" t ON ',
    ],
    ['a target probe that distinguishes letter case', `${folded('d0."Uri"')} = ${folded('k.k0')}`, 'd0."Uri" = k.k0'],
    ['an own probe that finds nothing', '"edfi"."Session" r ON ', '"edfi"."Session" r ON false AND '],
    ['a capture probe that finds nothing', '"edfi"."Session" r WHERE ', '"edfi"."Session" r WHERE false AND '],
  ])('finds %s', async (probe, right, wrong) => {
    const { model, inventory, script } = await ownScriptedSet('pgsql', 'v2-natural');
    const database = await serverEngine.open(script);
    let changed = 0;
    const withMistake = (piece: string) => {
      if (piece.includes(right)) changed += 1;
      return piece.replace(right, wrong);
    };
    const connection: Connection = {
      ...database.connection,
      queryAll: (statements, limits) => database.connection.queryAll(changedTexts(statements, withMistake), limits),
    };
    try {
      const found = await checkDocumentRoundTrips(connection, model, inventory, { random: 0 }).then(
        ({ failures }) => failures.filter(({ phase }) => phase === 'find').map(({ found: text }) => text),
        (error: Error) => [error.message],
      );
      const [name] = /(?:target|own|capture) probe/.exec(probe) ?? [''];
      expect(changed).toBeGreaterThan(0);
      expect(found.join('\n')).toMatch(new RegExp(`the ${name} finds |have the same key`));
    } finally {
      await database.close();
    }
  });
});

/** The damage with the names of triggers and keys as the script has them: some are shortened. */
function named(damage: string, script: string): string {
  const trigger = /"(TR_Staff_ReferentialIdentity[^"]*)"\s*(?:AFTER|BEFORE) INSERT/.exec(
    script.replace(/\n/g, ' '),
  )?.[1];
  const key = /"(FK_StaffPhone_[^"]*)"/.exec(script)?.[1];
  return damage
    .replace('TR_Staff_ReferentialIdentity_Insert', trigger ?? 'missing')
    .replace('"FK_StaffPhone_Staff"', `"${key ?? 'missing'}"`);
}

describe('documents of random schema sets', () => {
  it('what is written is what is read', async () => {
    let done = 0;
    let all = 0;
    for (const documents of fc.sample(schemaSets(), { numRuns: propertyRuns(2), seed: 7 })) {
      const { model, inventory, script } = emitted(documents);
      const database = await serverEngine.open(script);
      try {
        const found = await checkDocumentRoundTrips(database.connection, model, inventory, { random: 1 });
        expect(found.failures).toEqual([]);
        done += found.resources;
        all += model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables').length;
      } finally {
        await database.close();
      }
    }
    // most resources have documents; some cannot, because they require themselves
    expect(done).toBeGreaterThan(all / 2);
  });
});
