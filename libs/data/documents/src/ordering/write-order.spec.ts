import type { RelationalModelSet } from '@dms/model';
import { build, modelOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { writeGroups, writeOrder } from './write-order.ts';

/* The order in which resources are written (design 14a §1). */

const { array, integer, object, project, reference, resource } = build;

/** How a resource refers to another one: by a required member, an optional member or the elements of an array. */
type Naming = 'needs' | 'may name' | 'lists';

const memberOf = (target: string) => `${target.toLowerCase()}Reference`;

function referencePath(how: Naming, target: string): string {
  return how === 'lists' ? `$.${target.toLowerCase()}s[*].${memberOf(target)}.id` : `$.${memberOf(target)}.id`;
}

/** `resourceNaming('A', { B: 'needs' })`: a resource with its own id and references to the others. */
function resourceNaming(name: string, targets: Readonly<Record<string, Naming>> = {}, members: build.JsonRecord = {}) {
  const named = Object.entries(targets);
  const schemaOf = ([target, how]: readonly [string, Naming]) => {
    const part = object({ id: integer() }, ['id']);
    return how === 'lists'
      ? { [`${target.toLowerCase()}s`]: array(object({ [memberOf(target)]: part }, [memberOf(target)])) }
      : { [memberOf(target)]: part };
  };
  return resource(name, {
    identityJsonPaths: ['$.id'],
    documentPathsMapping: Object.fromEntries(
      named.map(([target, how]) => [
        `Named${target}`,
        reference(`Core:${target}`, [['$.id', referencePath(how, target)]], how !== 'may name'),
      ]),
    ),
    jsonSchemaForInsert: object(Object.assign({ id: integer() }, ...named.map(schemaOf)), [
      'id',
      ...named.filter(([, how]) => how === 'needs').map(([target]) => memberOf(target)),
    ]),
    ...members,
  });
}

const modelWith = (...resources: readonly build.BuiltResource[]) => modelOf([project('Core', resources)], 'pgsql');
/** The groups of a model. The positions in `after` are sorted, because their order has no meaning. */
const sortedGroups = (model: RelationalModelSet) =>
  writeGroups(model).map((group) => ({ ...group, after: [...group.after].sort((a, b) => a - b) }));

const groupsOf = (...resources: readonly build.BuiltResource[]) => sortedGroups(modelWith(...resources));

describe.each<Naming>(['needs', 'may name', 'lists'])('a resource that %s another one', (how) => {
  it.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('comes after it: %s after %s', (source, target) => {
    const groups = groupsOf(resourceNaming(source, { [target]: how }), resourceNaming(target));
    expect(groups).toEqual([
      { labels: [`Core:${target}`], isCircle: false, after: [] },
      { labels: [`Core:${source}`], isCircle: false, after: [0] },
    ]);
  });

  it('is a circle if it refers to itself', () => {
    expect(groupsOf(resourceNaming('A', { A: how }))).toEqual([{ labels: ['Core:A'], isCircle: true, after: [] }]);
  });
});

describe('a circle', () => {
  it.each<[string, string, Naming]>([
    ['A', 'B', 'may name'],
    ['B', 'A', 'may name'],
    ['A', 'B', 'lists'],
    ['B', 'A', 'lists'],
  ])('starts with the required resource: %s, then %s, which it %s', (needed, needing, how) => {
    const groups = groupsOf(resourceNaming(needed, { [needing]: how }), resourceNaming(needing, { [needed]: 'needs' }));
    expect(groups).toEqual([{ labels: [`Core:${needed}`, `Core:${needing}`], isCircle: true, after: [] }]);
  });

  it.each([
    ['A', 'B'],
    ['B', 'A'],
  ])(
    'starts with the required resource even if a collection and the root have a column of the same name: %s, then %s',
    (needed, needing) => {
      const part = (target: string) => ({ [memberOf(target)]: object({ id: integer() }, ['id']) });
      const both = resource(needed, {
        identityJsonPaths: ['$.id'],
        // both columns are called Named_DocumentId
        documentPathsMapping: {
          Named: reference('Core:Zone', [['$.id', referencePath('needs', 'Zone')]]),
          named: reference(`Core:${needing}`, [['$.id', referencePath('lists', needing)]]),
        },
        jsonSchemaForInsert: object(
          {
            id: integer(),
            ...part('Zone'),
            [`${needing.toLowerCase()}s`]: array(object(part(needing), [memberOf(needing)])),
          },
          ['id', memberOf('Zone')],
        ),
      });
      const groups = groupsOf(both, resourceNaming(needing, { [needed]: 'needs' }), resourceNaming('Zone'));
      expect(groups.at(-1)?.labels).toEqual([`Core:${needed}`, `Core:${needing}`]);
    },
  );

  it('is one group of any size and comes after the resources that it refers to', () => {
    const model = modelWith(
      resourceNaming('A', { B: 'may name', Zone: 'needs' }),
      resourceNaming('B', { C: 'needs' }),
      resourceNaming('C', { A: 'needs' }),
      resourceNaming('Zone'),
      resourceNaming('User', { B: 'may name', Zone: 'may name' }),
    );
    expect(sortedGroups(model)).toEqual([
      { labels: ['Core:Zone'], isCircle: false, after: [] },
      { labels: ['Core:A', 'Core:C', 'Core:B'], isCircle: true, after: [0] },
      { labels: ['Core:User'], isCircle: false, after: [0, 1] },
    ]);
    expect(writeOrder(model)).toEqual(['Core:Zone', 'Core:A', 'Core:C', 'Core:B', 'Core:User']);
  });

  it.each([
    ['A', 'B'],
    ['B', 'A'],
  ])('starts with the resource that may name a document of another group instead: %s, then %s', (needed, needing) => {
    const place = { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Place' };
    const resources = [
      resourceNaming(needed, { Place: 'needs' }),
      resourceNaming(needing, { [needed]: 'needs' }, place),
      resourceNaming('Hall', {}, place),
    ];
    const options = { abstractResources: { Place: { identityJsonPaths: ['$.id'] } } };
    const groups = writeGroups(modelOf([project('Core', resources, options)], 'pgsql'));
    expect(groups.map(({ labels }) => labels)).toEqual([['Core:Hall'], [`Core:${needed}`, `Core:${needing}`]]);
  });

  it.each([
    ['A', 'B', 'Z'],
    ['B', 'A', 'Z'],
    ['A', 'Z', 'B'],
    ['Z', 'A', 'B'],
    ['B', 'Z', 'A'],
    ['Z', 'B', 'A'],
  ])(
    'starts with a member of its own that needs nothing: %s needs a place, %s needs it, %s does not',
    (needed, needing, free) => {
      const place = { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Place' };
      const resources = [
        resourceNaming(needed, { Place: 'needs' }),
        resourceNaming(needing, { [needed]: 'needs' }, place),
        resourceNaming(free, { [needing]: 'may name' }, place),
      ];
      const options = { abstractResources: { Place: { identityJsonPaths: ['$.id'] } } };
      const groups = writeGroups(modelOf([project('Core', resources, options)], 'pgsql'));
      expect(groups.map(({ labels }) => labels)).toEqual([[free, needed, needing].map((name) => `Core:${name}`)]);
    },
  );

  it('leaves out unrelated resources', () => {
    const groups = groupsOf(
      resourceNaming('A', { B: 'needs' }),
      resourceNaming('B', { A: 'may name' }),
      resourceNaming('Alone'),
    );
    expect(groups.map(({ labels }) => labels)).toHaveLength(2);
    expect(groups).toContainEqual({ labels: ['Core:B', 'Core:A'], isCircle: true, after: [] });
    expect(groups).toContainEqual({ labels: ['Core:Alone'], isCircle: false, after: [] });
  });
});

it('a reference to an abstract resource counts as a reference to each of its members', () => {
  const member = (name: string) =>
    resourceNaming(name, {}, { isSubclass: true, superclassProjectName: 'Core', superclassResourceName: 'Place' });
  const resources = [resourceNaming('Event', { Place: 'may name' }), member('Hall'), member('Park')];
  const options = { abstractResources: { Place: { identityJsonPaths: ['$.id'] } } };
  const groups = sortedGroups(modelOf([project('Core', resources, options)], 'pgsql'));
  expect(groups.at(-1)).toEqual({ labels: ['Core:Event'], isCircle: false, after: [0, 1] });
});
