import { type DatabaseOfSpec, mainGenerations, someOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { behaviourFailures } from '../../test/mutant-database.ts';
import { ownDatabaseForAll } from '../../test/own-database.ts';
import { type PlantedMistake, planted, statements } from '../../test/planted-mistake.ts';
import type { VerificationInput } from '../index.ts';
import { Failures } from './failures.ts';

/* R16 finds a key that refers to another table, or that lacks one of its columns. */

const { constraint } = statements;
const toDocument = {
  from: 'REFERENCES "dms"."Descriptor" ("DocumentId")',
  to: 'REFERENCES "dms"."Document" ("DocumentId")',
};
const key = (own: string, document: string, table: string, target: string) => ({
  from: new RegExp(
    `FOREIGN KEY \\("${own}", "${document}"\\)\\s+REFERENCES (${table}) \\("${target}", "${document}"\\)`,
  ),
  to: `FOREIGN KEY ("${own}") REFERENCES $1 ("${target}")`,
});

const mistakes: Readonly<Record<'v1' | 'v2', readonly PlantedMistake[]>> = {
  v1: [
    { what: 'the key of a descriptor', statement: constraint('FK_Team_SportDescriptor'), ...toDocument },
    {
      what: 'the key of a descriptor that a reference repeats',
      statement: constraint('FK_TeamMatch_OpponentTeam_SportDescriptor'),
      ...toDocument,
    },
  ],
  v2: [
    {
      what: 'the key of a nested item, without its document',
      statement: constraint('FK_SchoolAddressPeriod_SchoolAddress'),
      ...key('ParentCollectionItemId', 'School_DocumentId', '"edfi"."SchoolAddress"', 'CollectionItemId'),
    },
    {
      what: 'the key of a descriptor',
      statement: constraint('FK_LocalEducationAgencyAddress_AddressTypeDescriptor'),
      ...toDocument,
    },
  ],
};

describe.each(mainGenerations)('what keys refer to, %s', (version) => {
  let input: VerificationInput;
  let database: DatabaseOfSpec;
  ownDatabaseForAll(version, (opened, ownInput) => {
    database = opened;
    input = ownInput;
  });

  it.each(someOf(mistakes[version], 2))('$what is found, by its name', async (mistake) => {
    const { changes } = planted(input.script, mistake);
    const found = await behaviourFailures(database.connection, input, changes, new Failures(), 'changed');
    const name = /"([^"]+)"/.exec(mistake.statement.text)?.[1] ?? '';
    expect(found.map(({ check }) => check)).toContain('R16');
    expect(found.some(({ object }) => object.includes(name))).toBe(true);
  });
});
