import { build, rows, serverEngine } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { behaviourFailures } from '../../test/mutant-database.ts';
import { Failures } from './failures.ts';

/*
 * A new identity may arrive in a row below a root on a shorter path than in the root, whose stamps are then written
 * before. PostgreSQL checks the keys of a row that the same transaction wrote, and may refuse the change. It depends on
 * the ids of the keys in the catalog (design 11 §2), so R7 expects either outcome.
 */

const { object, project, reference, resource, string } = build;

const room = resource('Room', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.roomCode'],
  jsonSchemaForInsert: object({ roomCode: string(20) }, ['roomCode']),
});

const visit = resource('Visit', {
  identityJsonPaths: ['$.roomReference.roomCode', '$.visitCode'],
  documentPathsMapping: { Room: reference('Core:Room', [['$.roomCode', '$.roomReference.roomCode']]) },
  jsonSchemaForInsert: object(
    { roomReference: object({ roomCode: string(20) }, ['roomCode']), visitCode: string(20) },
    ['roomReference', 'visitCode'],
  ),
});

const visitReference = object({ roomCode: string(20), visitCode: string(20) }, ['roomCode', 'visitCode']);

const plan = resource('Plan', {
  identityJsonPaths: ['$.visitReference.roomCode', '$.visitReference.visitCode', '$.planCode'],
  documentPathsMapping: {
    Visit: reference('Core:Visit', [
      ['$.roomReference.roomCode', '$.visitReference.roomCode'],
      ['$.visitCode', '$.visitReference.visitCode'],
    ]),
  },
  jsonSchemaForInsert: object({ visitReference, planCode: string(20) }, ['visitReference', 'planCode']),
});

const report = resource('Report', {
  identityJsonPaths: ['$.reportCode'],
  documentPathsMapping: {
    Plan: reference(
      'Core:Plan',
      ['roomCode', 'visitCode', 'planCode'].map((name) => [
        name === 'planCode' ? '$.planCode' : `$.visitReference.${name}`,
        `$.planReference.${name}`,
      ]),
      false,
    ),
    Room: reference('Core:Room', [['$.roomCode', '$.lines[*].roomReference.roomCode']], false),
  },
  arrayUniquenessConstraints: [{ paths: ['$.lines[*].label'] }],
  jsonSchemaForInsert: object(
    {
      reportCode: string(20),
      planReference: object({ roomCode: string(20), visitCode: string(20), planCode: string(20) }, [
        'roomCode',
        'visitCode',
        'planCode',
      ]),
      lines: rows({ label: string(20), roomReference: object({ roomCode: string(20) }, ['roomCode']) }, ['label']),
    },
    ['reportCode'],
  ),
});

const input = inputOfDocuments([project('Core', [room, visit, plan, report])], 'pgsql', 'v2');

/** Makes the key of the row below the root again, so that it has the last id. */
const lowerKeyLast = `
  DO $$
  DECLARE name text; definition text;
  BEGIN
    SELECT conname, pg_get_constraintdef(oid) INTO STRICT name, definition FROM pg_constraint
    WHERE conrelid = 'core."ReportLine"'::regclass AND confrelid = 'core."Room"'::regclass;
    EXECUTE format('ALTER TABLE core."ReportLine" DROP CONSTRAINT %I', name);
    EXECUTE format('ALTER TABLE core."ReportLine" ADD CONSTRAINT %I %s', name, definition);
  END $$`;

const site = { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Site' };

const hall = resource('Hall', {
  ...site,
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.siteCode'],
  jsonSchemaForInsert: object({ siteCode: string(20) }, ['siteCode']),
});

const hallReference = object({ siteCode: string(20) }, ['siteCode']);
const tourReference = object({ siteCode: string(20), tourCode: string(20) }, ['siteCode', 'tourCode']);

const tour = resource('Tour', {
  identityJsonPaths: ['$.hallReference.siteCode', '$.tourCode'],
  documentPathsMapping: { Hall: reference('Core:Hall', [['$.siteCode', '$.hallReference.siteCode']]) },
  jsonSchemaForInsert: object({ hallReference, tourCode: string(20) }, ['hallReference', 'tourCode']),
});

const review = resource('Review', {
  identityJsonPaths: ['$.reviewCode'],
  documentPathsMapping: {
    Tour: reference(
      'Core:Tour',
      [
        ['$.hallReference.siteCode', '$.tourReference.siteCode'],
        ['$.tourCode', '$.tourReference.tourCode'],
      ],
      false,
    ),
    Site: reference('Core:Site', [['$.siteCode', '$.lines[*].siteReference.siteCode']], false),
  },
  arrayUniquenessConstraints: [{ paths: ['$.lines[*].label'] }],
  jsonSchemaForInsert: object(
    {
      reviewCode: string(20),
      tourReference,
      lines: rows({ label: string(20), siteReference: hallReference }, ['label']),
    },
    ['reviewCode'],
  ),
});

const abstractResources = { Site: { identityJsonPaths: ['$.siteCode'] } };

describe('a root that a row below it stamps', () => {
  it.each([
    ['first', 'SELECT 1'],
    ['last', lowerKeyLast],
  ])('may refuse or accept a new identity whose shorter path is the %s one', async (_place, change) => {
    const { connection, close } = await serverEngine.open(input.script);
    expect(await behaviourFailures(connection, input, [change], new Failures())).toEqual([]);
    await close();
  });

  it('may refuse a new identity that a row below it gets by way of an abstract identity', async () => {
    const sites = inputOfDocuments([project('Core', [hall, tour, review], { abstractResources })], 'pgsql', 'v2');
    const { connection, close } = await serverEngine.open(sites.script);
    expect(await behaviourFailures(connection, sites, [], new Failures())).toEqual([]);
    await close();
  });
});
