import type { MappingVersion } from '@dms/model';
import { type SqlDialect, textOf } from '@dms/sql';
import { build, mainGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/index.ts';
import { requiredMembers } from '../../src/translating/lacking-members.ts';
import { compiled } from '../bench.ts';

/* The members that an upgrade newly requires, and the rows that may lack them (design 12a §6.1). */

const { array, ext, extensionOf, object, project, reference, resource, string } = build;

/** Courses and trips, in one set without and in one set with required members. */
const courses = (required: boolean) => {
  const ifRequired = (...names: string[]) => (required ? names : []);
  const tag = object({ tagId: string(20) }, ['tagId']);
  return [
    project('Ed-Fi', [
      resource('Tag', { identityJsonPaths: ['$.tagId'], jsonSchemaForInsert: tag }),
      resource('Course', {
        identityJsonPaths: ['$.courseId'],
        documentPathsMapping: {
          Guide: reference('Ed-Fi:Tag', [['$.tagId', '$.lessons[*].guide.tagReference.tagId']], false),
          Tag: reference('Ed-Fi:Tag', [['$.tagId', '$.tag.tagReference.tagId']], false),
        },
        arrayUniquenessConstraints: [{ paths: ['$.lessons[*].day'] }, { paths: ['$.bus.stops[*].name'] }],
        jsonSchemaForInsert: object(
          {
            courseId: string(20),
            lessons: array(
              object(
                { day: string(20), guide: object({ note: string(20), tagReference: tag }, ifRequired('tagReference')) },
                ['day'],
              ),
            ),
            tag: object({ tagReference: tag }, ifRequired('tagReference')),
            bus: object(
              {
                number: string(20),
                stops: array(object({ name: string(20) }, ['name'])),
                driver: object({ name: string(20), badge: string(20) }, ifRequired('badge')),
              },
              ifRequired('number', 'stops'),
            ),
          },
          ['courseId'],
        ),
      }),
      resource('Trip', {
        identityJsonPaths: ['$.tripId'],
        jsonSchemaForInsert: object(
          {
            tripId: string(20),
            walk: object({ guide: string(20), breaks: array(object({})) }, ifRequired('guide')),
            van: object({ number: string(20), route: string(20) }, ifRequired('number')),
          },
          ['tripId'],
        ),
      }),
    ]),
    project(
      'Sample',
      [
        extensionOf('Course', {
          jsonSchemaForInsert: object({
            _ext: ext(
              'sample',
              object({
                room: object({ code: string(20), floor: string(20) }, ifRequired('code')),
                rooms: array(
                  object({
                    name: string(20),
                    place: object({ code: string(20), floor: string(20) }, ifRequired('code')),
                  }),
                ),
              }),
            ),
          }),
        }),
        extensionOf('Trip', {
          jsonSchemaForInsert: object({ van: object({ _ext: ext('sample', object({})) }) }),
        }),
      ],
      { isExtension: true },
    ),
  ];
};

/** The plan from the set without to the set with required members, and the rows to find, by the place of the member. */
function requiring(version: MappingVersion, dialect: SqlDialect = 'pgsql') {
  const before = compiled(courses(false), dialect, version);
  const plan = planUpgrade(before, compiled(courses(true), dialect, version), {});
  const members = requiredMembers({ plan, before });
  const conditionOf = (path: string, name = 'Course') => {
    const found = members.find(({ place }) => place === `Ed-Fi:${name}.${path}`);
    return found && [found.table.table.name, found.condition && textOf(found.condition)];
  };
  return { plan, conditionOf };
}

describe.each(mainGenerations)('in %s', (version) => {
  const { plan, conditionOf } = requiring(version);

  it('finds rows without a value in an object that has others', () => {
    expect(conditionOf('$.bus.driver.badge')).toEqual([
      'Course',
      't."BusDriverBadge" IS NULL AND (t."BusDriverName" IS NOT NULL)',
    ]);
    expect(conditionOf('$.lessons[*].guide.tagReference')).toEqual([
      'CourseLesson',
      't."Guide_DocumentId" IS NULL AND (t."GuideNote" IS NOT NULL)',
    ]);
  });

  it('asks for no rows if the object has no other value', () => {
    expect(conditionOf('$.tag.tagReference')).toEqual(['Course', null]);
  });

  it('finds rows without a value if other tables have rows of the object', () => {
    expect(conditionOf('$.bus.number')).toEqual([
      'Course',
      't."BusNumber" IS NULL AND (t."BusDriverBadge" IS NOT NULL OR t."BusDriverName" IS NOT NULL OR EXISTS (SELECT 1 FROM "edfi"."CourseStop" AS o WHERE o."Course_DocumentId" = t."DocumentId"))',
    ]);
  });

  it('finds them also by rows that hold no values', () => {
    expect(conditionOf('$.walk.guide', 'Trip')).toEqual([
      'Trip',
      't."WalkGuide" IS NULL AND (EXISTS (SELECT 1 FROM "edfi"."TripBreak" AS o WHERE o."Trip_DocumentId" = t."DocumentId"))',
    ]);
    expect(conditionOf('$.van.number', 'Trip')).toEqual([
      'Trip',
      't."VanNumber" IS NULL AND (t."VanRoute" IS NOT NULL OR EXISTS (SELECT 1 FROM "sample"."TripExtension" AS o WHERE o."DocumentId" = t."DocumentId"))',
    ]);
  });

  it('finds rows of items of an extension, not of the extension itself', () => {
    expect(conditionOf('$._ext.sample.rooms[*].place.code')).toEqual([
      'CourseExtensionRoom',
      't."PlaceCode" IS NULL AND (t."PlaceFloor" IS NOT NULL)',
    ]);
    expect(plan.items.map(({ path }) => path[1])).toContain('$._ext.sample.room.code');
    expect(conditionOf('$._ext.sample.room.code')).toBeUndefined();
  });

  it('finds no rows for an array', () => {
    expect(plan.items.map(({ path }) => path[1])).toContain('$.bus.stops');
    expect(conditionOf('$.bus.stops')).toBeUndefined();
  });
});

it.each(mainGenerations)('finds rows without a member of an object into which values move, in %s', (version) => {
  const courseWith = (members: build.JsonRecord) => [
    project('Ed-Fi', [
      resource('Course', {
        identityJsonPaths: ['$.courseId'],
        jsonSchemaForInsert: object({ courseId: string(20), ...members }, ['courseId']),
      }),
    ]),
  ];
  const parts = { number: string(20), route: string(20) };
  const before = compiled(courseWith(parts), 'pgsql', version);
  const after = compiled(courseWith({ bus: object(parts, ['number']) }), 'pgsql', version);
  const renames = Object.keys(parts).map((name) => ({
    before: `Ed-Fi:Course.$.${name}`,
    after: `Ed-Fi:Course.$.bus.${name}`,
  }));
  const plan = planUpgrade(before, after, { renames });
  expect(plan.verdict).toBe('checked');
  expect(requiredMembers({ plan, before }).map(({ condition }) => condition && textOf(condition))).toEqual([
    't."Number" IS NULL AND (t."Route" IS NOT NULL)',
  ]);
});

it('quotes names as SQL Server does', () => {
  expect(requiring('v1', 'mssql').conditionOf('$.van.number', 'Trip')).toEqual([
    'Trip',
    't.[VanNumber] IS NULL AND (t.[VanRoute] IS NOT NULL OR EXISTS (SELECT 1 FROM [sample].[TripExtension] AS o WHERE o.[DocumentId] = t.[DocumentId]))',
  ]);
});
