import { mappingVersions } from '@dms/api-schema';
import { build } from '@dms/testing';
import { expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { compiled } from '../bench.ts';

/* The table of descriptors holds no URI of more than 255 + 1 + 50 characters: a limit that lets these pass is no rule. */

const { array, descriptor, descriptorPath, object, project, reference, resource, string } = build;

/** A descriptor at each kind of place, with the keywords of its schema. */
function setWith(keywords: build.JsonRecord) {
  const uri = { type: 'string', ...keywords };
  const kindPath = (path: string) => descriptorPath('Ed-Fi:KindDescriptor', path);
  const target = resource('Target', {
    identityJsonPaths: ['$.code', '$.kindDescriptor'],
    documentPathsMapping: { Kind: kindPath('$.kindDescriptor') },
    jsonSchemaForInsert: object({ code: string(20), kindDescriptor: uri }, ['code', 'kindDescriptor']),
  });
  const holder = resource('Holder', {
    identityJsonPaths: ['$.code'],
    documentPathsMapping: {
      Kind: kindPath('$.kindDescriptor'),
      Kinds: kindPath('$.kinds[*].kindDescriptor'),
      Target: reference(
        'Ed-Fi:Target',
        [
          ['$.code', '$.targetReference.code'],
          ['$.kindDescriptor', '$.targetReference.kindDescriptor'],
        ],
        false,
      ),
    },
    jsonSchemaForInsert: object(
      {
        code: string(20),
        kindDescriptor: uri,
        kinds: array(object({ kindDescriptor: uri }, ['kindDescriptor'])),
        targetReference: object({ code: string(20), kindDescriptor: uri }, ['code', 'kindDescriptor']),
      },
      ['code'],
    ),
  });
  return [project('Ed-Fi', [descriptor('KindDescriptor'), target, holder])];
}

const paths = [
  'Ed-Fi:Holder $.kindDescriptor',
  'Ed-Fi:Holder $.kinds[*].kindDescriptor',
  'Ed-Fi:Holder $.targetReference.kindDescriptor',
  'Ed-Fi:Target $.kindDescriptor',
];

it.each<[name: string, earlier: build.JsonRecord, later: build.JsonRecord, changes: readonly string[]]>([
  ['a limit that every URI keeps is no change', {}, { maxLength: 306 }, []],
  ['neither when it goes', { maxLength: 306 }, {}, []],
  ['nor when it moves above', { maxLength: 306 }, { maxLength: 400 }, []],
  ['a shorter one is checked', {}, { maxLength: 305 }, paths.map((path) => `checked length narrower ${path}`)],
  ['a shorter one that goes is free', { maxLength: 305 }, {}, paths.map((path) => `free length wider ${path}`)],
  [
    'a shorter one in place of it is checked',
    { maxLength: 306 },
    { maxLength: 100 },
    paths.map((path) => `checked length narrower ${path}`),
  ],
  ['a shortest length is checked', {}, { minLength: 9 }, paths.map((path) => `checked length narrower ${path}`)],
])('%s', (_, earlier, later, changes) => {
  for (const version of mappingVersions) {
    const { items } = planUpgrade(
      compiled(setWith(earlier), 'pgsql', version),
      compiled(setWith(later), 'pgsql', version),
    );
    const found = items.filter(({ change }) => change.startsWith('length'));
    expect(found.map(({ class: of, change, path }) => `${of} ${change} ${path.join(' ')}`).sort()).toEqual(
      [...changes].sort(),
    );
  }
});
