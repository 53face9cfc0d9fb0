import type { MappingVersion } from '@dms/model';
import { type ProvisionedDatabase, someOf, usualGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { behaviourFailures, FirstFailure } from '../../test/mutant-database.ts';
import { ownDatabaseForAll } from '../../test/own-database.ts';
import { type PlantedMistake, planted, statements } from '../../test/planted-mistake.ts';
import type { VerificationInput } from '../index.ts';
import { Failures } from './failures.ts';

/* R18, C2: a trigger that handles only the first documents of a statement is found, however many it handles. */

const { routine } = statements;

/** A replacement in a body that limits it to the first old or new rows of a statement. */
const only = (count: number, rows: string, alias: string) => ({
  from: `FROM ${rows} AS ${alias}`,
  to: `FROM (SELECT * FROM ${rows} LIMIT ${count}) AS ${alias}`,
});

const onlyFirst = (count: number, statement: PlantedMistake['statement'], rows: string, alias: string) => ({
  what: `${statement.text.slice('CREATE OR REPLACE FUNCTION '.length)}: the first ${count} of ${rows}`,
  statement,
  ...only(count, rows, alias),
});

const lowerV1 = routine('campus', 'TF_TR_SectionClassPeriod_Stamp');
const rootV1 = routine('campus', 'TF_TR_Section_Stamp');
const identityV1 = routine('campus', 'TF_TR_Section_ReferentialIdentity');
const lowerV2 = routine('edfi', 'TF_TR_SchoolAddress_Stamp');

const mistakes: Readonly<Record<MappingVersion, readonly (PlantedMistake & { readonly seenBy: string })[]>> = {
  v1: [
    { ...onlyFirst(1000, lowerV1, 'new_rows', 'n'), seenBy: 'R18' },
    { ...onlyFirst(1000, identityV1, 'new_rows', 'n'), seenBy: 'R18' },
    { ...onlyFirst(100, rootV1, 'new_rows', 'n'), seenBy: 'R18' },
    { ...onlyFirst(1000, routine('campus', 'TF_TR_School_AuthHierarchy_Insert'), 'new_rows', 'n'), seenBy: 'R18' },
    {
      what: 'deletions of the first 1000',
      statement: lowerV1,
      from: 'SELECT DISTINCT o."Section_DocumentId" FROM old_rows AS o',
      to: 'SELECT DISTINCT o."Section_DocumentId" FROM old_rows AS o LIMIT 1000',
      seenBy: 'R18',
    },
    {
      what: 'identities of the first 1000',
      statement: rootV1,
      from: 'WHERE "DocumentId" = ANY (changed)',
      to: 'WHERE "DocumentId" = ANY (changed[1:1000])',
      seenBy: 'R18',
    },
    {
      what: 'referential ids of the first 1000 that change',
      statement: identityV1,
      from: /\) AS c\n( +)ORDER BY 1\n/,
      to: ') AS c\n$1ORDER BY 1\n$1LIMIT 1000\n',
      seenBy: 'R18',
    },
    {
      what: 'the journal of the first 1000',
      statement: routine('dms', 'TF_Document_Journal'),
      from: /FROM new_rows AS n;/,
      to: 'FROM new_rows AS n LIMIT 1000;',
      seenBy: 'R18',
    },
  ],
  v2: [
    { ...onlyFirst(1000, lowerV2, 'newtab', 'n'), seenBy: 'R18' },
    {
      what: 'deletions of the first 1000',
      statement: lowerV2,
      from: /(SELECT DISTINCT o\.\S+ FROM oldtab AS o)/,
      to: '$1 LIMIT 1000',
      seenBy: 'R18',
    },
    { ...onlyFirst(1000, routine('dms', 'TF_Document_EnqueueProjectionInsert'), 'new_rows', 'c'), seenBy: 'C2' },
  ],
};

describe.each(usualGenerations('v1'))('a statement of many documents, %s', (version) => {
  let input: VerificationInput;
  let database: ProvisionedDatabase;
  ownDatabaseForAll(version, (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  it('is right in the correct script', { timeout: 120_000 }, async () => {
    const failures = new Failures();
    expect(await behaviourFailures(database.connection, input, [], failures)).toEqual([]);
    expect(failures.untried).toEqual([]);
  });

  it.each(someOf(mistakes[version], 4))('finds $what', { timeout: 120_000 }, async (mistake) => {
    const { changes } = planted(input.script, mistake);
    const [found] = await behaviourFailures(database.connection, input, changes, new FirstFailure());
    expect(found?.check).toBe(mistake.seenBy);
  });
});
