import { describe, expect, it } from 'vitest';
import { checked } from '../../test/school-set.ts';
import { KnownDescriptors, resolvedIds, targetsOf, unresolved } from './targets.ts';

const school = (schoolId: number, kind = 'Big') =>
  checked('pgsql', 'Core:School', { schoolId, kindDescriptor: `uri://x#${kind}`, placeReference: { placeId: 9 } });

const one = school(1);
const idOf = (place: string) => one.targets.find((target) => target.place === place)?.referentialId ?? '';
const kind = idOf('$.kindDescriptor');
const place = idOf('$.placeReference');

describe('remembered descriptors', () => {
  it('are forgotten if there are too many, or on request', () => {
    const known = new KnownDescriptors(2);
    known.remember('a', '1');
    known.remember('b', '2');
    expect([known.get('a'), known.get('b')]).toEqual(['1', '2']);
    known.remember('c', '3');
    expect([known.get('a'), known.get('b'), known.get('c')]).toEqual([undefined, undefined, '3']);
    known.forget();
    expect(known.get('c')).toBeUndefined();
  });
});

describe('targets of documents', () => {
  it('are listed once each', () => {
    const targets = targetsOf([one, school(2), school(3, 'Small')]);
    expect([...targets.values()].map((target) => target.place)).toEqual(
      expect.arrayContaining(['$.kindDescriptor', '$.placeReference']),
    );
    expect(targets.size).toBe(3);
    expect(targetsOf([])).toEqual(new Map());
  });

  it('get the ids that were found, and descriptor ids are remembered', () => {
    const descriptors = new KnownDescriptors();
    const rows = [
      { referentialId: kind, documentId: '5' },
      { referentialId: place, documentId: '6' },
    ];
    expect(resolvedIds(targetsOf([one]), rows, descriptors)).toEqual(
      new Map([
        [kind, '5'],
        [place, '6'],
      ]),
    );
    expect([descriptors.get(kind), descriptors.get(place)]).toEqual(['5', undefined]);
  });

  it('get remembered ids of descriptors, but never of documents', () => {
    const descriptors = new KnownDescriptors();
    descriptors.remember(kind, '5');
    descriptors.remember(place, '6');
    expect(resolvedIds(targetsOf([one]), [], descriptors)).toEqual(new Map([[kind, '5']]));
  });

  it('ignore found ids that were not asked for', () => {
    const descriptors = new KnownDescriptors();
    const own = [{ referentialId: 'own', documentId: '1' }];
    expect(resolvedIds(targetsOf([one]), own, descriptors).get('own')).toBe('1');
    expect(descriptors.get('own')).toBeUndefined();
  });

  it('are reported with their identity if they are missing', () => {
    const where = { file: 'a.jsonl', line: 3 };
    expect(unresolved(one, new Map([[place, '6']]), where)).toMatchObject([
      {
        code: 'DOCUMENT_REFERENCE_UNRESOLVED',
        where: { ...where, resource: 'Core:School', path: '$.kindDescriptor' },
        details: { target: 'Core:KindDescriptor', path: '$.kindDescriptor' },
      },
    ]);
    expect(unresolved(one, new Map([[kind, '5']]), where)).toMatchObject([
      {
        where: { path: '$.placeReference' },
        details: { target: 'Core:Place', identity: [{ path: '$.placeId', value: '9' }] },
        message: expect.stringContaining('Core:Place with $.placeId = "9"'),
      },
    ]);
    expect(
      unresolved(
        one,
        new Map([
          [kind, '5'],
          [place, '6'],
        ]),
        where,
      ),
    ).toEqual([]);
  });
});
