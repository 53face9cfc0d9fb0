import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { earlier, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from '../index.ts';

/**
 * A set whose references have one member for both parts of an identity, which are equal; the second part has its own
 * name.
 */
function placesWith(version: string, part: string): SetPlaces {
  const text = build.string();
  const site = build.resource('Site', {
    identityJsonPaths: ['$.siteId', `$.${part}`],
    equalityConstraints: [{ sourceJsonPath: '$.siteId', targetJsonPath: `$.${part}` }],
    jsonSchemaForInsert: build.object({ siteId: text, [part]: text }, ['siteId', part]),
    documentPathsMapping: { SiteId: build.scalarPath('$.siteId'), Part: build.scalarPath(`$.${part}`) },
  });
  const visit = build.resource('Visit', {
    identityJsonPaths: ['$.visitId'],
    jsonSchemaForInsert: build.object({ visitId: text, siteReference: build.object({ siteId: text }, ['siteId']) }, [
      'visitId',
    ]),
    documentPathsMapping: {
      VisitId: build.scalarPath('$.visitId'),
      Site: build.reference(
        'Core:Site',
        [
          ['$.siteId', '$.siteReference.siteId'],
          [`$.${part}`, '$.siteReference.siteId'],
        ],
        false,
      ),
    },
  });
  return setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', [site, visit], { version })]))));
}

it('what names a document that lacks a part of its identity is rejected with it', async () => {
  const drops = [{ before: 'Core:Site.$.code' }];
  const { translation } = compileTranslation([{ drops }], placesWith('1.0.0', 'code'), placesWith('2.0.0', 'area'));
  if (!translation) throw new Error('the translation is not complete');
  const { documents, rejects } = await outcomeOf(translation, [
    earlier('Core:Site', 'site', '{"siteId":"a","code":"a"}'),
    earlier('Core:Visit', 'there', '{"visitId":"1","siteReference":{"siteId":"a"}}'),
    earlier('Core:Visit', 'nowhere', '{"visitId":"2"}'),
  ]);
  expect(documents.map(({ uuid }) => uuid)).toEqual(['nowhere']);
  expect(rejects.map(({ earlier: { uuid }, problem }) => [uuid, problem.code, problem.cause?.uuid])).toEqual([
    ['site', 'TRANSLATION_REFUSED', undefined],
    ['there', 'TRANSLATION_TARGET', 'site'],
  ]);
});
