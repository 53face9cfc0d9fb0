import { type DatabaseOfSpec, type MainGeneration, someOf, usualGenerations } from '@dms/testing';
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

const mistakes: Readonly<Record<MainGeneration, readonly (PlantedMistake & { readonly seenBy: string })[]>> = {
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

/** Numbers of rows to which a body could be limited: fewer and more than R17 has documents, and a page. */
const limits = [1, 2, 5, 100];

/** A place of a body, and its text that handles only the first rows of a statement. */
interface LimitedPlace {
  readonly what: string;
  readonly statement: PlantedMistake['statement'];
  readonly from: string | RegExp;
  readonly to: (count: number) => string;
  readonly seenBy: string;
}

const rowsOf = (rows: string, alias: string, before = 'FROM') => ({
  from: `${before} ${rows} AS ${alias}`,
  to: (count: number) => `${before} (SELECT * FROM ${rows} LIMIT ${count}) AS ${alias}`,
});
const elements = (list: string, before: string) => ({
  from: `${before}(${list})`,
  to: (count: number) => `${before}(${list}[1:${count}])`,
});
const listOf = (name: string) => ({
  from: new RegExp(`${name} := ARRAY\\([^;]*;`),
  to: (count: number) => `$& ${name} := ${name}[1:${count}];`,
});
const moved = routine('campus', 'TF_TR_District_AuthHierarchy_Update');
const lastOf = (text: string) => new RegExp(`${text}(?![\\s\\S]*${text})`);

/** The places of every kind of trigger that handles the rows of a statement together. */
const limitedPlaces: Readonly<Record<MainGeneration, readonly LimitedPlace[]>> = {
  v1: [
    { what: 'rows inserted below a root', statement: lowerV1, ...rowsOf('new_rows', 'n'), seenBy: 'R18' },
    {
      what: 'documents of rows below a root that are not stamped',
      statement: lowerV1,
      ...elements('documents', '= ANY '),
      seenBy: 'R18',
    },
    {
      what: 'documents that rows below a root leave',
      statement: lowerV1,
      ...rowsOf('old_rows', 'o', 'SELECT o."Section_DocumentId" FROM'),
      seenBy: 'R18',
    },
    {
      what: 'documents to which rows below a root move',
      statement: lowerV1,
      ...rowsOf('new_rows', 'n', 'SELECT n."Section_DocumentId" FROM'),
      seenBy: 'R18',
    },
    { what: 'documents of root rows', statement: rootV1, ...elements('documents', '= ANY '), seenBy: 'R18' },
    { what: 'root rows with another identity', statement: rootV1, ...listOf('changed'), seenBy: 'R18' },
    { what: 'root rows with the same identity', statement: rootV1, ...rowsOf('old_rows', 'o'), seenBy: 'R18' },
    { what: 'referential ids', statement: identityV1, ...listOf('documents'), seenBy: 'R18' },
    {
      what: 'new organizations',
      statement: routine('campus', 'TF_TR_School_AuthHierarchy_Insert'),
      ...listOf('changed'),
      seenBy: 'R18',
    },
    { what: 'organizations that a statement moves', statement: moved, ...listOf('changed'), seenBy: 'R18' },
    {
      what: 'organizations with others below them that a statement moves',
      statement: moved,
      ...elements('changed', '= ANY '),
      seenBy: 'R18',
    },
    {
      what: 'organizations that lose their ids',
      statement: moved,
      from: /FROM old_rows AS o(?=\s+EXCEPT)/,
      to: (count) => `FROM (SELECT * FROM old_rows LIMIT ${count}) AS o`,
      seenBy: 'R18',
    },
    {
      what: 'deleted organizations',
      statement: routine('campus', 'TF_TR_School_AuthHierarchy_Delete'),
      ...listOf('changed'),
      seenBy: 'R18',
    },
    {
      what: 'events of new versions',
      statement: routine('dms', 'TF_Document_Journal'),
      from: lastOf('FROM new_rows AS n'),
      to: (count) => `FROM (SELECT * FROM new_rows LIMIT ${count}) AS n`,
      seenBy: 'R18',
    },
    {
      what: 'documents with the same version',
      statement: routine('dms', 'TF_Document_Journal'),
      ...rowsOf('old_rows', 'o'),
      seenBy: 'R18',
    },
  ],
  v2: [
    {
      what: 'rows that tell how many documents there are',
      statement: lowerV2,
      ...rowsOf('newtab', 'r'),
      seenBy: 'R18',
    },
    { what: 'deleted rows that tell it', statement: lowerV2, ...rowsOf('oldtab', 'r'), seenBy: 'R18' },
    {
      what: 'inserted rows',
      statement: lowerV2,
      ...rowsOf('newtab', 'n', 'SELECT DISTINCT n."School_DocumentId" FROM'),
      seenBy: 'R18',
    },
    {
      what: 'documents to which rows move',
      statement: lowerV2,
      from: /FROM newtab AS n(?=\s+EXCEPT)/,
      to: (count) => `FROM (SELECT * FROM newtab LIMIT ${count}) AS n`,
      seenBy: 'R18',
    },
    {
      what: 'documents that rows leave',
      statement: lowerV2,
      from: /FROM oldtab AS o(?=\s+EXCEPT)/,
      to: (count) => `FROM (SELECT * FROM oldtab LIMIT ${count}) AS o`,
      seenBy: 'R18',
    },
    {
      what: 'rows that do not change',
      statement: lowerV2,
      from: /FROM oldtab AS o(?=\s+\) AS c)/,
      to: (count) => `FROM (SELECT * FROM oldtab LIMIT ${count}) AS o`,
      seenBy: 'R18',
    },
    {
      what: 'documents that are stamped',
      statement: lowerV2,
      from: 'WHERE d."DocumentId" = ANY (documents)',
      to: (count) => `WHERE d."DocumentId" = ANY (documents[1:${count}])`,
      seenBy: 'R18',
    },
    {
      what: 'queued documents',
      statement: routine('dms', 'TF_Document_EnqueueProjectionUpdate'),
      ...rowsOf('new_rows', 'n'),
      seenBy: 'C2',
    },
    {
      what: 'documents with the same version',
      statement: routine('dms', 'TF_Document_EnqueueProjectionUpdate'),
      ...rowsOf('old_rows', 'o'),
      seenBy: 'C2',
    },
  ],
};

describe.each(usualGenerations('v1'))('a statement of many documents, %s', (version) => {
  let input: VerificationInput;
  let database: DatabaseOfSpec;
  ownDatabaseForAll(version, (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  it('is right in the correct script', async () => {
    const failures = new Failures();
    expect(await behaviourFailures(database.connection, input, [], failures)).toEqual([]);
    expect(failures.untried).toEqual([]);
  });

  const limited = limits.flatMap((count) => limitedPlaces[version].map((place) => ({ ...place, count })));

  it.each(someOf(limited, 16))('finds a limit to the first $count: $what', async (place) => {
    const { changes } = planted(input.script, { ...place, to: place.to(place.count) });
    const [found] = await behaviourFailures(database.connection, input, changes, new FirstFailure(), 'changed');
    // few rows are also found by checks with few documents
    if (place.count > 5) expect(found?.check).toBe(place.seenBy);
    else expect(found).toBeDefined();
  });

  it.each(someOf(mistakes[version], 4))('finds $what', async (mistake) => {
    const { changes } = planted(input.script, mistake);
    const [found] = await behaviourFailures(database.connection, input, changes, new FirstFailure(), 'changed');
    expect(found?.check).toBe(mistake.seenBy);
  });
});
