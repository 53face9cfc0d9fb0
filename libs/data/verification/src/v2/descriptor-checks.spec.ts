import { givenScript } from '@dms/sql';
import type { DatabaseOfSpec } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ownDatabaseForAll } from '../../test/own-database.ts';
import { type PlantedMistake, planted, statements } from '../../test/planted-mistake.ts';
import { BehaviourSession } from '../behaviour/behaviour-session.ts';
import { CoreChecks } from '../behaviour/core-checks.ts';
import { Failures } from '../behaviour/failures.ts';
import { generations } from '../generations.ts';
import type { VerificationInput } from '../index.ts';
import { checkDescriptors, refusedByTrigger } from './descriptor-checks.ts';

/* C15: the stamps of a descriptor have the time of the change. */

const later = `"ContentLastModifiedAt" = pg_catalog.now() + interval '1 day'`;
const statement = statements.routine('dms', 'TF_TR_Descriptor_Stamp_Document');

const mistakes: readonly (readonly [what: string, PlantedMistake])[] = [
  ['deleted', { what: 'a deletion', statement, from: /"ContentLastModifiedAt" = pg_catalog\.now\(\)/, to: later }],
  [
    'moved to another document',
    {
      what: 'the document that a row leaves',
      statement,
      from: /"ContentLastModifiedAt" = pg_catalog\.now\(\)(\s+WHERE d\."DocumentId" = OLD\."DocumentId";)/,
      to: `${later}$1`,
    },
  ],
];

describe('stamps of descriptors', () => {
  let input: VerificationInput;
  let database: DatabaseOfSpec;
  ownDatabaseForAll('v2', (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  /** The failures after some changes, which are rolled back. */
  async function found(changes: readonly string[]) {
    const { connection } = database;
    const failures = new Failures();
    await connection.begin();
    try {
      for (const change of changes) await connection.execute(givenScript(change));
      const session = new BehaviourSession(connection, {});
      await checkDescriptors(new CoreChecks(session, input.model, failures, generations.v2.core), refusedByTrigger);
    } finally {
      await connection.rollback();
    }
    return failures.list.map(({ object }) => object);
  }

  it('are right in the correct script', async () => {
    expect(await found([])).toEqual([]);
  });

  it.each(mistakes)('with a later time are found: %s', async (what, mistake) => {
    expect(await found(planted(input.script, mistake).changes)).toEqual([`dms.Descriptor, ${what}`]);
  });
});
