import { documentPlans, openDocuments, referentialIdOf } from '@dms/documents';
import { uuidOf } from '@dms/laws';
import { referentialIdNamespace } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { givenScript, trusted } from '@dms/sql';
import { occasionSchemas, scriptedSet, serverEngine } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { expect, it } from 'vitest';
import { checkData, repairData } from './check-data.ts';

it('an infinite date in an identity is hashed as the date that it stands for (design 16 §6.4)', async () => {
  const input = scriptedSet(occasionSchemas(), 'pgsql', 'v2', false);
  const plans = documentPlans(compileMappingSet(input.model), input.inventory);
  const occasion = { projectName: 'Core', resourceName: 'Occasion' };
  const database = await serverEngine.open(input.script);
  try {
    const { connection } = database;
    const store = openDocuments(connection, plans);
    const document = toJsonValue({ day: '9999-12-31', startsAt: '0001-01-01T00:00:00Z' });
    const { uuid } = await store.upsert(occasion, document);
    const stored = await connection.query(
      trusted(`SELECT "Day"::text AS day, "StartsAt"::text AS starts FROM core."Occasion"`),
    );
    expect(stored).toEqual([{ day: 'infinity', starts: '-infinity' }]);
    expect((await store.read([uuid]))[0]?.document).toEqual(document);
    expect(await checkData(connection, input)).toEqual([]);
    const hashed = `'${referentialIdOf(plans, occasion, document)}'::uuid`;
    const changeTo = (id: string) =>
      connection.execute(givenScript(`UPDATE dms."ReferentialIdentity" SET "ReferentialId" = ${id}`));
    await changeTo('gen_random_uuid()');
    expect(await checkData(connection, input)).toMatchObject([
      { kind: 'referentialIdentity', object: 'Core:Occasion' },
    ]);
    await changeTo(hashed);
    expect(await checkData(connection, input)).toEqual([]);

    // the hash of the triggers of the service's own tool
    const name = 'CoreOccasion$.day=infinity#$.startsAt=-infinity';
    await changeTo(`'${uuidOf(referentialIdNamespace, name)}'::uuid`);
    const [found, ...others] = await checkData(connection, input);
    expect(found).toMatchObject({ kind: 'referentialIdentity', cause: 'infiniteDate', repairable: true, count: 1 });
    expect(others).toEqual([]);
    expect(await repairData(connection, input)).toEqual([]);
  } finally {
    await database.close();
  }
});
