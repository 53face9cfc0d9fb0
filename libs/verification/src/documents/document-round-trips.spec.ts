import { buildEffectiveSchema } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import {
  hasSharedData,
  ownSchema,
  type ProvisionedEngine,
  propertyRuns,
  propertyTimeout,
  provisionedEngines,
  readSharedJson,
  schemaSets,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDocumentRoundTrips } from './document-round-trips.ts';

function emitted(schemas: readonly unknown[]) {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const { model } = deriveModel(buildEffectiveSchema(documents), 'pgsql');
  const inventory = deriveInventory(model);
  return { model, inventory, script: emitDdl(model, inventory).script };
}

const own = () => [ownSchema('campus'), ownSchema('athletics')];

async function checkedOn({ open }: ProvisionedEngine, schemas: readonly unknown[], damage = '', random?: number) {
  const { model, inventory, script } = emitted(schemas);
  const database = await open(script);
  try {
    await database.connection.execute(damage);
    const found = await checkDocumentRoundTrips(database.connection, model, inventory, { random });
    const resources = model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables').length;
    return { ...found, of: resources };
  } finally {
    await database.close();
  }
}

describe.each(provisionedEngines)('documents of every resource on $name', (engine) => {
  it('the schemas of this repository: all shapes are written, read, replaced and removed', { timeout: 120_000 }, async () => {
    const { of, ...found } = await checkedOn(engine, own());
    expect(found).toEqual({ resources: of, written: 5 * of, replaced: 5 * of, skipped: [], failures: [] });
  });

  // on a server the whole verification of 5.2 does the same (verify-script.spec.ts)
  it.skipIf(!hasSharedData || engine.isServer)(
    'the data standard 5.2 (needs the shared conformance data)',
    { timeout: 300_000 },
    async () => {
      const found = await checkedOn(engine, [readSharedJson('inputs', 'ds-5.2-core.json')], '', 1);
      expect(found).toEqual({ resources: 138, of: 138, written: 414, replaced: 414, skipped: [], failures: [] });
    },
  );
});

describe.each(provisionedEngines.filter(({ isServer }) => isServer))('what is wrong, on $name', (engine) => {
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
  ])('%s that is wrong is found', { timeout: 120_000 }, async (_, damage, phase, text) => {
    const { failures } = await checkedOn(engine, own(), named(damage, emitted(own()).script), 0);
    expect(failures.filter((failure) => failure.phase === phase && text.test(failure.found))).not.toEqual([]);
  });
});

/** The names of triggers and keys as the script has them: some are shortened. */
function named(damage: string, script: string): string {
  const trigger = /"(TR_Staff_ReferentialIdentity[^"]*)"\s*(?:AFTER|BEFORE) INSERT/.exec(script.replace(/\n/g, ' '))?.[1];
  const key = /"(FK_StaffPhone_[^"]*)"/.exec(script)?.[1];
  return damage
    .replace('TR_Staff_ReferentialIdentity_Insert', trigger ?? 'missing')
    .replace('"FK_StaffPhone_Staff"', `"${key ?? 'missing'}"`);
}

describe('documents of random schema sets', () => {
  const [embedded] = provisionedEngines;

  it('what is written is what is read', { timeout: propertyTimeout(600_000) }, async () => {
    let [done, all] = [0, 0];
    for (const documents of fc.sample(schemaSets(), { numRuns: propertyRuns(2), seed: 7 })) {
      const { model, inventory, script } = emitted(documents);
      const database = await embedded!.open(script);
      try {
        const found = await checkDocumentRoundTrips(database.connection, model, inventory, { random: 1 });
        expect(found.failures).toEqual([]);
        done += found.resources;
        all += model.resources.filter(({ storageKind }) => storageKind === 'RelationalTables').length;
      } finally {
        await database.close();
      }
    }
    // most resources have documents: some require themselves
    expect(done).toBeGreaterThan(all / 2);
  });
});
