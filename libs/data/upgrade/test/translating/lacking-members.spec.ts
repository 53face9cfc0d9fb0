import { textOf } from '@dms/sql';
import { build, mainGenerations } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/index.ts';
import { requiredMembers } from '../../src/translating/lacking-members.ts';
import { compiled } from '../bench.ts';

/* The members that an upgrade newly requires, and the rows that may lack them (design 12a §6.1). */

const { array, object, project, reference, resource, string } = build;

/** Courses, in one set without and in one set with required members. */
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
    ]),
  ];
};

describe.each(mainGenerations)('in %s', (version) => {
  const before = compiled(courses(false), 'pgsql', version);
  const after = compiled(courses(true), 'pgsql', version);
  const plan = planUpgrade(before, after, {});
  const members = requiredMembers({ plan, before });
  const conditionOf = (path: string) => {
    const found = members.find(({ place }) => place === `Ed-Fi:Course.${path}`);
    return found && [found.table.table.name, found.condition && textOf(found.condition)];
  };

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

  it('finds all rows without a value if other tables hold values of the object', () => {
    expect(conditionOf('$.bus.number')).toEqual(['Course', 't."BusNumber" IS NULL']);
  });

  it('finds no rows for an array', () => {
    expect(plan.items.map(({ path }) => path[1])).toContain('$.bus.stops');
    expect(conditionOf('$.bus.stops')).toBeUndefined();
  });
});
