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

describe('a place that follows from another one', () => {
  const text = build.string();

  /** A set with records of persons; `required` are their members that each record has. */
  function recordSet(
    version: string,
    required: readonly string[],
    later: readonly build.BuiltResource[] = [],
  ): SetPlaces {
    const record = build.resource('Record', {
      identityJsonPaths: ['$.recordId'],
      jsonSchemaForInsert: build.object(
        {
          recordId: text,
          madeOn: build.date(),
          year: build.integer('int32'),
          owner: text,
          marks: build.array(build.object({ mark: text, code: text }, required)),
        },
        ['recordId', ...required],
      ),
      documentPathsMapping: Object.fromEntries(
        ['madeOn', 'year', 'owner', 'marks[*].mark', 'marks[*].code'].map((path) => [
          path,
          build.scalarPath(`$.${path}`),
        ]),
      ),
    });
    const document = build.project('Core', [record, ...later], { version });
    const plans = documentPlans(compileMappingSet(modelOf([document])));
    return setPlaces(plans, documentSchemas(schemaSet(document)));
  }

  function notedIn(rules: object, before: SetPlaces, after: SetPlaces): readonly string[] {
    const { problems, notes } = compileTranslation([{ ...rules }], before, after);
    expect(problems).toEqual([]);
    return notes.filter(({ code }) => code === 'TRANSLATION_REQUIRED').map(({ place }) => place);
  }

  it('is noted for a school year whose date documents may lack', () => {
    const fill = { after: 'Core:Record.$.year', schoolYearOf: '$.madeOn', begins: '07-01' };
    const after = recordSet('2.0.0', ['year']);
    expect(notedIn({ fills: [fill] }, recordSet('1.0.0', []), after)).toEqual(['Core:Record.$.year']);
    expect(notedIn({ fills: [fill] }, recordSet('1.0.0', ['madeOn']), after)).toEqual([]);
    expect(notedIn({ fills: [{ ...fill, value: 2024 }] }, recordSet('1.0.0', []), after)).toEqual([]);
    expect(notedIn({ fills: [{ after: fill.after, value: 2024 }] }, recordSet('1.0.0', []), after)).toEqual([]);
  });

  it('is noted for an identity that takes a value which documents may lack', () => {
    const mark = build.resource('Mark', {
      identityJsonPaths: ['$.owner', '$.code'],
      jsonSchemaForInsert: build.object({ owner: text, code: text, mark: text }, ['owner', 'code']),
      documentPathsMapping: { Mark: build.scalarPath('$.mark') },
    });
    const after = recordSet('2.0.0', [], [mark]);
    const documents = [{ before: 'Core:Record.$.marks[*]', after: 'Core:Mark' }];
    const notedWith = (...required: string[]) => notedIn({ documents }, recordSet('1.0.0', required), after);
    expect(notedWith().toSorted()).toEqual(['Core:Mark.$.code', 'Core:Mark.$.owner']);
    expect(notedWith('owner')).toEqual(['Core:Mark.$.code']);
    expect(notedWith('owner', 'code')).toEqual([]);
  });
});
