import { documentSchemas } from '@dms/api-schema';
import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileTranslation, type SetPlaces, setPlaces } from '../index.ts';

/*
 * The notes on places that the later set requires and the earlier set does not always have (TRANSLATION_REQUIRED,
 * design 20 §4).
 */

interface Home {
  /** The required members of each home. */
  readonly required: readonly string[];
  /** Whether each person must have a home. */
  readonly isRequired?: boolean;
  readonly isCollection?: boolean;
}

/** A set with one resource, whose home is an object or a collection of objects. */
function personSet(version: string, { required, isRequired = false, isCollection = false }: Home): SetPlaces {
  const [name, path] = isCollection ? ['homes', '$.homes[*]'] : ['home', '$.home'];
  const home = build.object({ street: build.string(), city: build.string(), note: build.string() }, required);
  const document = build.project(
    'Core',
    [
      build.resource('Person', {
        identityJsonPaths: ['$.personId'],
        jsonSchemaForInsert: build.object(
          { personId: build.string(), [name]: isCollection ? build.array(home) : home },
          ['personId', ...(isRequired ? [name] : [])],
        ),
        documentPathsMapping: Object.fromEntries(
          ['street', 'city', 'note'].map((member) => [member, build.scalarPath(`${path}.${member}`)]),
        ),
      }),
    ],
    { version },
  );
  const plans = documentPlans(compileMappingSet(modelOf([document])));
  return setPlaces(plans, documentSchemas(schemaSet(document)));
}

function noted(before: Home, after: Home): readonly string[] {
  const toItems = { before: 'Core:Person.$.home', after: 'Core:Person.$.homes[*]' };
  const moves = after.isCollection === true && before.isCollection !== true ? [toItems] : [];
  const { problems, notes } = compileTranslation([{ moves }], personSet('1.0.0', before), personSet('2.0.0', after));
  expect(problems).toEqual([]);
  return notes.filter(({ code }) => code === 'TRANSLATION_REQUIRED').map(({ place }) => place);
}

const both = ['street', 'city'];

describe('a place that the later set requires', () => {
  it('is there where the earlier object has it, whether or not there is such an object', () => {
    expect(noted({ required: both }, { required: both, isCollection: true })).toEqual([]);
    expect(noted({ required: both }, { required: both })).toEqual([]);
    expect(noted({ required: both, isRequired: true }, { required: both, isRequired: true })).toEqual([]);
    expect(noted({ required: both, isCollection: true }, { required: both, isCollection: true })).toEqual([]);
  });

  it('is noted where an earlier object may lack it', () => {
    expect(noted({ required: ['street'] }, { required: both, isCollection: true })).toEqual([
      'Core:Person.$.homes[*].city',
    ]);
    expect(noted({ required: ['street'] }, { required: both })).toEqual(['Core:Person.$.home.city']);
    expect(noted({ required: [], isRequired: true }, { required: ['city'], isRequired: true })).toEqual([
      'Core:Person.$.home.city',
    ]);
  });

  it('may be the object or the collection itself', () => {
    expect(noted({ required: both }, { required: both, isRequired: true })).toEqual(['Core:Person.$.home']);
    expect(
      noted({ required: both, isCollection: true }, { required: both, isCollection: true, isRequired: true }),
    ).toEqual(['Core:Person.$.homes[*]']);
    expect(noted({ required: both }, { required: both, isCollection: true, isRequired: true })).toEqual([
      'Core:Person.$.homes[*]',
    ]);
  });
});
