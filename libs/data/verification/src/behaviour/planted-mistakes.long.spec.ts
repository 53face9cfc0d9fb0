import { type Connection, driverCodeOf } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { staticFindings } from '@dms/script-checks';
import { givenScript } from '@dms/sql';
import { type DatabaseOfSpec, isThorough, type MainGeneration, serverEngine, shareOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ownInput } from '../../test/inputs.ts';
import { behaviourFailures, FirstFailure, type TablesTried } from '../../test/mutant-database.ts';
import { ownDatabaseForAll } from '../../test/own-database.ts';
import { type Planted, type PlantedMistake, planted, statements } from '../../test/planted-mistake.ts';
import { plantedMistakesV1 } from '../../test/planted-mistakes-v1.ts';
import { plantedMistakesV2 } from '../../test/planted-mistakes-v2.ts';
import { plantedMistakesV2Natural } from '../../test/planted-mistakes-v2-natural.ts';
import { type NearMistake, nearMistakesV1, nearMistakesV2 } from '../../test/planted-near-mistakes.ts';
import { checkDocumentRoundTrips } from '../documents/document-round-trips.ts';
import type { VerificationInput } from '../index.ts';
import type { BehaviourFailure } from '../verification-report.ts';
import { Failures } from './failures.ts';

/*
 * Mistakes that a script and its catalog share, so that a comparison of catalogs does not find them. The correct script
 * makes the database, which is then changed into the database of the wrong script: its behaviour must differ from the
 * requirements of the model and the inventory.
 */

/** Mistakes that no check finds, with the reason why that is acceptable. */
const survivors: Readonly<Record<string, string>> = {
  'an index of a reference is missing': 'an index saves time and changes no row',
};

const patience = 900_000;

/** A normal run tries every n-th mistake, with four times this number as n (`shareOf`). */
const share = 8;

/** The same for mistakes that show only in a small change. */
const nearShare = 4;

/** A normal run tries tables by shape, as verification does; a search also tries every one. */
const ways: readonly TablesTried[] = isThorough ? ['every', 'by shape'] : ['by shape'];

/** The static checks of faults that may not show in the rows of a single session with all rights. */
const ofTexts = new Set(['S15', 'S16', 'S17', 'S19']);

type Found = Omit<BehaviourFailure, 'expected'>;

/**
 * The findings of verification in the text of a script and in its database. Throws if the engine refuses a change,
 * because that proves nothing.
 */
async function failuresOf(
  connection: Connection,
  input: VerificationInput,
  { script, changes }: Planted,
  failures: Failures,
  tried: TablesTried,
): Promise<readonly Found[]> {
  const findings = staticFindings({ ...input, script, scriptSha256: null });
  if (findings.some(({ id }) => !ofTexts.has(id))) throw new Error(`the text is wrong: ${findings[0]?.text}`);
  if (findings.length > 0) return findings.map(({ id, text }) => ({ check: id, object: 'the text', found: text }));
  return behaviourFailures(connection, input, changes, failures, tried);
}

/** The findings of the step `documents`. It commits, so it gets a copy of the database. */
async function documentFailures(
  { model, inventory, script }: VerificationInput,
  { changes }: Planted,
): Promise<readonly Found[]> {
  const copy = await serverEngine.open(script);
  try {
    for (const change of changes) await copy.connection.execute(givenScript(change));
    const { failures } = await checkDocumentRoundTrips(copy.connection, model, inventory, { random: 0 });
    return failures.map(({ resource, phase, found }) => ({ check: `documents, ${phase}`, object: resource, found }));
  } finally {
    await copy.close();
  }
}

describe.each<[MappingVersion, readonly PlantedMistake[], readonly NearMistake[]]>([
  ['v1', plantedMistakesV1, nearMistakesV1],
  ['v2', plantedMistakesV2, nearMistakesV2],
  ['v2-natural', plantedMistakesV2Natural, []],
])('mistakes planted in a script of %s', (version, mistakes, nearMistakes) => {
  let input: VerificationInput;
  let database: DatabaseOfSpec;
  ownDatabaseForAll(version, (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  it.each(ways)(
    'are all found, except those that no check can find: %s',
    async (tables) => {
      const tried = shareOf(mistakes, share);
      const unseen: string[] = [];
      for (const mistake of tried) {
        const wrong = planted(input.script, mistake);
        const seen = await failuresOf(database.connection, input, wrong, new FirstFailure(), tables);
        const [failure] = seen.length > 0 ? seen : await documentFailures(input, wrong);
        if (!failure) unseen.push(mistake.what);
      }
      console.log(`unseen mistakes of ${version}, ${tables}: ${unseen.length === 0 ? 'none' : unseen.join('; ')}`);
      expect(unseen).toEqual(tried.map(({ what }) => what).filter((what) => what in survivors));
    },
    patience,
  );

  if (nearMistakes.length === 0) return;

  it.each(ways)(
    'are seen by the checks of what is wrong, and no other, if they show only in a small change: %s',
    async (tables) => {
      for (const mistake of shareOf(nearMistakes, nearShare)) {
        const seen = await failuresOf(
          database.connection,
          input,
          planted(input.script, mistake),
          new Failures(),
          tables,
        );
        const checks = [...new Set(seen.map(({ check }) => check))].sort();
        expect({ what: mistake.what, checks }).toEqual({ what: mistake.what, checks: mistake.seenBy });
      }
    },
    patience,
  );
});

/*
 * A static check finds a hierarchy that is written without its lock (S15). Testing the lock itself takes two sessions.
 */
describe('the lock of the hierarchy', () => {
  const schools: Readonly<Record<MainGeneration, { readonly schema: string; readonly name: string }>> = {
    v1: { schema: 'campus', name: 'SchoolName' },
    v2: { schema: 'edfi', name: 'NameOfInstitution' },
  };

  /**
   * Inserts a school in a second session while the first session has inserted another: the code of its error, or null
   * if it did not wait.
   */
  async function secondSession(
    version: MainGeneration,
    script: string,
    changes: readonly string[],
  ): Promise<string | null> {
    const database = await serverEngine.open(script);
    try {
      const first = database.connection;
      const second = await database.open();
      for (const change of changes) await first.execute(givenScript(change));
      const { schema, name } = schools[version];
      const insert = async (session: Connection, id: number) => {
        await session.execute(
          givenScript(
            `INSERT INTO "dms"."Document" ("DocumentUuid", "ResourceKeyId") SELECT gen_random_uuid(), "ResourceKeyId" FROM "dms"."ResourceKey" WHERE "ResourceName" = 'School'`,
          ),
        );
        await session.execute(
          givenScript(
            `INSERT INTO "${schema}"."School" ("DocumentId", "SchoolId", "${name}") SELECT max("DocumentId"), ${id}, 'x' FROM "dms"."Document"`,
          ),
        );
      };
      await first.begin();
      await second.begin();
      await insert(first, 1);
      await second.execute(givenScript("SET LOCAL lock_timeout = '500ms'"));
      try {
        await insert(second, 2);
        return null;
      } catch (error) {
        if (!(error instanceof DmsError)) throw error;
        return driverCodeOf(error) ?? error.message;
      } finally {
        await second.rollback();
        await first.rollback();
      }
    } finally {
      await database.close();
    }
  }

  it.each(['v1', 'v2'] as const)(
    'makes another session wait in a database of %s; without it, no session waits',
    async (version) => {
      const { script } = await ownInput('pgsql', version);
      const { changes } = planted(script, {
        what: 'no lock',
        statement: statements.routine(schools[version].schema, 'TF_TR_School_AuthHierarchy_Insert'),
        from: / +LOCK TABLE .*\n/,
        to: '',
      });
      expect(await secondSession(version, script, [])).toBe('55P03');
      expect(await secondSession(version, script, changes)).toBeNull();
    },
  );
});
