import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { earlier, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type SetPlaces, setPlaces } from '../index.ts';

/*
 * A visit names a person in its identity, and a home beside it. In the later set its identity names the home, and the
 * reference to the person goes into a host, where it has the name of the one to the home.
 */

function placesWith(isLater: boolean): SetPlaces {
  const text = build.string();
  const key = build.object({ code: text }, ['code']);
  const coded = (name: string) =>
    build.resource(name, {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: key,
      documentPathsMapping: { Code: build.scalarPath('$.code') },
    });
  const to = (target: string, at: string) => build.reference(`Core:${target}`, [['$.code', `${at}.code`]], true);
  const [own, others] = isLater
    ? ['homeReference', {}]
    : ['personReference', { Person: to('Person', '$.personReference') }];
  const visit = build.resource('Visit', {
    identityJsonPaths: ['$.visitId', `$.${own}.code`],
    jsonSchemaForInsert: build.object(
      { visitId: text, homeReference: key, ...(isLater ? {} : { personReference: key }) },
      ['visitId', 'homeReference', own],
    ),
    documentPathsMapping: { VisitId: build.scalarPath('$.visitId'), Home: to('Home', '$.homeReference'), ...others },
  });
  const host = build.resource('Host', {
    identityJsonPaths: ['$.visitId'],
    jsonSchemaForInsert: build.object({ visitId: text, homeReference: key }, ['visitId', 'homeReference']),
    documentPathsMapping: { VisitId: build.scalarPath('$.visitId'), Person: to('Person', '$.homeReference') },
  });
  const report = build.resource('Report', {
    identityJsonPaths: ['$.reportId'],
    jsonSchemaForInsert: build.object(
      { reportId: text, visitReference: build.object({ visitId: text, code: text }, ['visitId', 'code']) },
      ['reportId', 'visitReference'],
    ),
    documentPathsMapping: {
      ReportId: build.scalarPath('$.reportId'),
      Visit: build.reference(
        'Core:Visit',
        [
          ['$.visitId', '$.visitReference.visitId'],
          [`$.${own}.code`, '$.visitReference.code'],
        ],
        true,
      ),
    },
  });
  const resources = [coded('Person'), coded('Home'), visit, report, ...(isLater ? [host] : [])];
  const version = isLater ? '2.0.0' : '1.0.0';
  return setPlaces(documentPlans(compileMappingSet(modelOf([build.project('Core', resources, { version })]))));
}

it('a reference never takes a part of an identity from another document', async () => {
  const members = [{ before: '$.personReference', after: '$.homeReference' }];
  const { translation, problems } = compileTranslation(
    [{ documents: [{ before: 'Core:Visit', after: 'Core:Host', when: 'always', members }] }],
    placesWith(false),
    placesWith(true),
  );
  expect(problems).toEqual([]);
  if (!translation) throw new Error('the translation is not complete');
  const { documents, rejects } = await outcomeOf(translation, [
    ...['a', 'b'].map((code) => earlier('Core:Person', `person ${code}`, `{"code":"${code}"}`)),
    ...['a', 'b'].map((code) => earlier('Core:Home', `home ${code}`, `{"code":"${code}"}`)),
    earlier('Core:Visit', 'first', '{"visitId":"1","personReference":{"code":"a"},"homeReference":{"code":"b"}}'),
    earlier('Core:Visit', 'second', '{"visitId":"2","personReference":{"code":"b"},"homeReference":{"code":"a"}}'),
    // a later visit 1 of home a would be another one
    earlier('Core:Report', 'report', '{"reportId":"r","visitReference":{"visitId":"1","code":"a"}}'),
  ]);
  expect(documents.filter(({ resource }) => resource === 'Core:Report')).toEqual([]);
  expect(rejects.map(({ earlier: { uuid } }) => uuid)).toEqual(['report']);
});
