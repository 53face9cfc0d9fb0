import { toJsonValue } from '@dms/canonical-json';
import { documentPlans, openDocuments, referentialIdOf } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { occasionSchemas, provisionedEngines } from '@dms/testing';
import { expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { checkData } from './check-data.ts';

const [engine] = provisionedEngines.filter(({ isServer }) => !isServer);

it('an infinite date in an identity is hashed as the date that it stands for (design 16 §6.4)', {
  timeout: 60_000,
}, async () => {
  const input = inputOfDocuments(occasionSchemas(), 'pgsql', 'v2');
  const plans = documentPlans(compileMappingSet(input.model), input.inventory);
  const occasion = { projectName: 'Core', resourceName: 'Occasion' };
  const database = await engine!.open(input.script);
  try {
    const { connection } = database;
    await openDocuments(connection, plans).upsert(
      occasion,
      toJsonValue({ day: '2030-05-01', startsAt: '2030-05-01T08:00:00Z' }),
    );
    const day = '9999-12-31';
    const startsAt = '0001-01-01T00:00:00Z';
    const id = referentialIdOf(plans, occasion, toJsonValue({ day, startsAt }));
    const writes = (set: string) =>
      connection.execute(`SET session_replication_role = replica; ${set}; SET session_replication_role = origin`);
    await writes(`UPDATE core."Occasion" SET "Day" = 'infinity', "StartsAt" = '-infinity'`);
    expect(await checkData(connection, input)).toMatchObject([{ kind: 'referentialIdentity', object: 'Core:Occasion' }]);
    await writes(`UPDATE dms."ReferentialIdentity" SET "ReferentialId" = '${id}'`);
    expect(await checkData(connection, input)).toEqual([]);
  } finally {
    await database.close();
  }
});
