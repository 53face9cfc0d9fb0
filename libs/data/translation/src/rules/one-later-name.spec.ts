import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { canonicalText } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { earlier, outcomeOf } from '../../test/translated.ts';
import { compileTranslation, type EarlierDocument, type SetPlaces, setPlaces, type TranslationJson } from '../index.ts';

/*
 * Two earlier names with one later name are refused (TRANSLATION_AMBIGUOUS, design 20 §2, §4). Documents, items and
 * descriptors that a rule lets meet still become one.
 */

const { array, object, string, integer } = build;

const places = (...projects: readonly build.JsonRecord[]): SetPlaces =>
  setPlaces(documentPlans(compileMappingSet(modelOf(projects))));

const core = (version: string, resources: readonly build.BuiltResource[], options: build.ProjectOptions = {}) =>
  build.project('Core', resources, { version, ...options });

/** A resource with a text as identity. */
const named = (name: string) =>
  build.resource(name, {
    identityJsonPaths: ['$.name'],
    jsonSchemaForInsert: object({ name: string(), note: string() }, ['name']),
    documentPathsMapping: { Note: build.scalarPath('$.note') },
  });

/** A resource with members of any form: the paths of their values follow from the schema. */
function person(members: build.JsonRecord): build.BuiltResource {
  const paths = (schema: build.JsonRecord, path: string): string[] => {
    const { properties, items } = schema as { properties?: build.JsonRecord; items?: build.JsonRecord };
    if (items) return paths(items, `${path}[*]`);
    if (!properties) return [path];
    return Object.entries(properties).flatMap(([name, each]) => paths(each as build.JsonRecord, `${path}.${name}`));
  };
  const schema = object({ personId: string(), ...members }, ['personId']);
  return build.resource('Person', {
    identityJsonPaths: ['$.personId'],
    jsonSchemaForInsert: schema,
    documentPathsMapping: Object.fromEntries(paths(schema, '$').map((path) => [path, build.scalarPath(path)])),
  });
}

const move = (from: string, to: string) => ({ before: from, after: to });
const inPerson = (from: string, to: string) => move(`Core:Person.$.${from}`, `Core:Person.$.${to}`);

/** The problems of the check: code, rules and place. */
function refused(rules: TranslationJson, before: SetPlaces, after: SetPlaces): readonly string[] {
  const { translation, problems } = compileTranslation([rules], before, after);
  expect(translation === null).toBe(problems.length > 0);
  return problems.map(({ code, rules: given, place }) => `${code} ${[...given].sort().join()} ${place}`).sort();
}

const extension = (name: string, resources: readonly build.BuiltResource[]) =>
  build.project(name, resources, { isExtension: true });

describe('two earlier resources with one later name', () => {
  it('are refused if two moves give it, or a move and an unchanged name', () => {
    const before = places(core('1.0.0', ['Club', 'Team', 'Choir'].map(named)));
    const after = places(core('2.0.0', [named('Group'), named('Club')]));
    const toGroup = ['Club', 'Team', 'Choir'].map((name) => move(`Core:${name}`, 'Core:Group'));
    expect(refused({ moves: toGroup }, before, after)).toEqual([
      'TRANSLATION_AMBIGUOUS moves[0],moves[1],moves[2] Core:Group',
    ]);
    const moves = [move('Core:Team', 'Core:Club'), move('Core:Choir', 'Core:Group')];
    expect(refused({ moves }, before, after)).toEqual(['TRANSLATION_AMBIGUOUS moves[0] Core:Club']);
    expect(refused({ moves, drops: [{ before: 'Core:Club' }] }, before, after)).toEqual([]);
  });

  it('are refused if a project gives it', () => {
    const before = places(
      core('1.0.0', ['Club', 'Choir'].map(named)),
      extension('Arts', ['Choir', 'Band'].map(named)),
      extension('Crafts', [named('Band')]),
    );
    const after = places(core('2.0.0', ['Club', 'Choir', 'Band'].map(named)));
    const projects = [move('Arts', 'Core'), move('Crafts', 'Core')];
    expect(refused({ moves: projects }, before, after)).toEqual([
      'TRANSLATION_AMBIGUOUS moves[0] Core:Choir',
      'TRANSLATION_AMBIGUOUS moves[0],moves[1] Core:Band',
    ]);
    const moves = [...projects, move('Core:Choir', 'Core:Band'), move('Crafts:Band', 'Core:Club')];
    expect(refused({ moves }, before, after)).toEqual([
      'TRANSLATION_AMBIGUOUS moves[0],moves[2] Core:Band',
      'TRANSLATION_AMBIGUOUS moves[3] Core:Club',
    ]);
  });

  it('are refused if they are descriptors', () => {
    const kinds = ['Kind', 'Sort'].map((name) => build.descriptor(`${name}Descriptor`));
    const before = places(core('1.0.0', [...kinds, named('Club')]));
    const after = places(core('2.0.0', [build.descriptor('KindDescriptor'), named('Club')]));
    const moves = [move('Core:SortDescriptor', 'Core:KindDescriptor')];
    expect(refused({ moves }, before, after)).toEqual(['TRANSLATION_AMBIGUOUS moves[0] Core:KindDescriptor']);
  });

  it('are refused if they are abstract, and so are two parts of an abstract identity', () => {
    const abstract = (...names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, { identityJsonPaths: ['$.year', '$.term'], openApiFragment: {} }]));
    const session = (name: string, superclass: string) =>
      build.resource(name, {
        isSubclass: true,
        subclassType: 'association',
        superclassProjectName: 'Core',
        superclassResourceName: superclass,
        identityJsonPaths: ['$.term', '$.year'],
        jsonSchemaForInsert: object({ year: integer('int32'), term: integer('int32') }, ['year', 'term']),
      });
    const before = places(
      core('1.0.0', [session('Winter', 'Period'), session('Summer', 'Season')], {
        abstractResources: abstract('Period', 'Season'),
      }),
    );
    const after = places(
      core('2.0.0', [session('Winter', 'Period'), session('Summer', 'Period')], {
        abstractResources: abstract('Period'),
      }),
    );
    const moves = [move('Core:Season', 'Core:Period')];
    expect(refused({ moves }, before, after)).toEqual(['TRANSLATION_AMBIGUOUS moves[0] Core:Period']);
    const parts = [move('Core:Period.$.term', 'Core:Period.$.year')];
    expect(refused({ moves: parts, drops: [{ before: 'Core:Season' }] }, before, after)).toEqual([
      'TRANSLATION_AMBIGUOUS moves[0],unchanged Core:Period.$.year',
    ]);
  });

  it('may exchange their names', async () => {
    const before = places(core('1.0.0', ['Club', 'Team'].map(named)));
    const after = places(core('2.0.0', ['Club', 'Team'].map(named)));
    const moves = [move('Core:Club', 'Core:Team'), move('Core:Team', 'Core:Club')];
    expect(refused({ moves }, before, after)).toEqual([]);
  });
});

describe('two places of one document with one later place', () => {
  const home = { street: string() };
  const work = { city: string() };

  /** The refusal of rules that carry members of a person. */
  const ofPerson = (moves: readonly object[], before: build.JsonRecord, after: build.JsonRecord) =>
    refused({ moves }, places(core('1.0.0', [person(before)])), places(core('2.0.0', [person(after)])));

  it('are refused if they are values', () => {
    const before = { nick: string(), alias: string(), name: string() };
    const ambiguous = (rules: string) => [`TRANSLATION_AMBIGUOUS ${rules} Core:Person.$.name`];
    const both = [inPerson('nick', 'name'), inPerson('alias', 'name')];
    expect(ofPerson(both, before, { name: string() })).toEqual(ambiguous('moves[0],moves[1],unchanged'));
    expect(ofPerson(both, { nick: string(), alias: string() }, { name: string() })).toEqual(
      ambiguous('moves[0],moves[1]'),
    );
  });

  it('are refused if they are objects with different members', () => {
    const whole = object({ ...home, ...work });
    const ambiguous = (rules: string) => [`TRANSLATION_AMBIGUOUS ${rules} Core:Person.$.place`];
    expect(
      ofPerson(
        [inPerson('home', 'place'), inPerson('work', 'place')],
        { home: object(home), work: object(work) },
        { place: whole },
      ),
    ).toEqual(ambiguous('moves[0],moves[1]'));
    expect(
      ofPerson([inPerson('home', 'place')], { home: object(home), place: object(work) }, { place: whole }),
    ).toEqual(ambiguous('moves[0],unchanged'));
    expect(
      ofPerson([inPerson('homes[*]', 'place')], { homes: array(object(home)), place: object(work) }, { place: whole }),
    ).toEqual(ambiguous('moves[0],unchanged'));
    // members that are named may go into an object
    expect(
      ofPerson(
        [inPerson('home.street', 'place.street')],
        { home: object(home), place: object(work) },
        { place: whole },
      ),
    ).toEqual([]);
  });

  it('are refused if they are collections, whose items would be mixed', () => {
    const items = array(object({ ...home, ...work }, []));
    const ambiguous = (rules: string) => [`TRANSLATION_AMBIGUOUS ${rules} Core:Person.$.places[*]`];
    const [homes, works] = [array(object(home)), array(object(work))];
    const both = [inPerson('homes[*]', 'places[*]'), inPerson('works[*]', 'places[*]')];
    expect(ofPerson(both, { homes, works }, { places: items })).toEqual(ambiguous('moves[0],moves[1]'));
    const one = [inPerson('homes[*]', 'places[*]')];
    expect(ofPerson(one, { homes, places: works }, { places: items })).toEqual(ambiguous('moves[0],unchanged'));
    const object_ = [inPerson('home', 'places[*]')];
    expect(ofPerson(object_, { home: object(home), places: works }, { places: items })).toEqual(
      ambiguous('moves[0],unchanged'),
    );
  });

  it('are refused if a value would join the first item of a collection', () => {
    const items = array(object({ ...home, ...work }));
    const moves = [inPerson('street', 'places[*].street')];
    const before = { street: string(), places: array(object(work)) };
    expect(ofPerson(moves, before, { places: items })).toEqual([
      'TRANSLATION_AMBIGUOUS moves[0],unchanged Core:Person.$.places[*]',
    ]);
  });

  it('become one item if they are values', () => {
    const moves = [inPerson('street', 'places[*].street'), inPerson('work', 'places[*]')];
    const items = array(object({ ...home, ...work }));
    expect(ofPerson(moves, { street: string(), work: object(work) }, { places: items })).toEqual([]);
  });

  it('are refused in the documents that a rule makes', () => {
    const site = build.resource('Site', {
      identityJsonPaths: ['$.personId'],
      jsonSchemaForInsert: object({ personId: string(), place: object({ ...home, ...work }) }, ['personId']),
      documentPathsMapping: {
        Street: build.scalarPath('$.place.street'),
        City: build.scalarPath('$.place.city'),
      },
    });
    const before = places(core('1.0.0', [person({ home: object(home), work: object(work) })]));
    const after = places(core('2.0.0', [person({}), site]));
    const members = [move('$.home', '$.place'), move('$.work', '$.place')];
    const rules = (own: readonly object[]) => ({ documents: [{ ...move('Core:Person', 'Core:Site'), members: own }] });
    expect(refused(rules(members), before, after)).toEqual(['TRANSLATION_AMBIGUOUS documents[0] Core:Site.$.place']);
    const [ofHome] = members;
    const city = move('$.work.city', '$.place.city');
    expect(refused(rules([ofHome ?? {}, city]), before, after)).toEqual([]);
  });
});

describe('names that a rule lets meet', () => {
  const document = (resource: string, uuid: string, members: object) =>
    earlier(resource, uuid, JSON.stringify(members));

  async function outcome(rules: TranslationJson, sets: readonly [SetPlaces, SetPlaces], given: EarlierDocument[]) {
    const { translation, problems } = compileTranslation([rules], ...sets);
    expect(problems).toEqual([]);
    if (!translation) throw new Error('the translation is not complete');
    const { documents, rejects, report } = await outcomeOf(translation, given);
    return {
      documents: documents.map(({ resource, document }) => `${resource} ${canonicalText(document)}`).sort(),
      rejects: rejects.map(({ problem, part }) => `${problem.code} ${problem.place} ${part}`).sort(),
      merged: report.descriptorsMerged,
    };
  }

  it('are documents of several resources: they are united, or in conflict', async () => {
    const before = places(core('1.0.0', ['Club', 'Team', 'Group'].map(named)));
    const after = places(core('2.0.0', ['Club', 'Team', 'Group'].map(named)));
    const documents = ['Club', 'Team'].map((name) => ({ ...move(`Core:${name}`, 'Core:Group'), members: ['$.note'] }));
    const given = (note: string) => [
      document('Core:Group', 'g', { name: 'chess' }),
      document('Core:Club', 'c', { name: 'chess', note: 'on Monday' }),
      document('Core:Team', 't', { name: 'chess', note }),
    ];
    const own = ['Core:Club {"name":"chess"}', 'Core:Team {"name":"chess"}'];
    expect(await outcome({ documents }, [before, after], given('on Monday'))).toEqual({
      documents: [own[0], 'Core:Group {"name":"chess","note":"on Monday"}', own[1]],
      rejects: [],
      merged: [],
    });
    expect(await outcome({ documents }, [before, after], given('on Friday'))).toEqual({
      documents: own,
      rejects: ['TRANSLATION_CONFLICT Core:Group.$.note null'],
      merged: [],
    });
  });

  it('are descriptors whose namespaces become one: they are merged', async () => {
    const set = (version: string) => places(core(version, [build.descriptor('KindDescriptor'), named('Club')]));
    const namespaces = ['uri://one', 'uri://two'];
    const descriptorNamespaces = namespaces.map((each) => move(each, 'uri://both'));
    const given = namespaces.map((namespace) =>
      document('Core:KindDescriptor', namespace, { namespace, codeValue: 'A', shortDescription: namespace }),
    );
    expect(await outcome({ descriptorNamespaces }, [set('1.0.0'), set('2.0.0')], given)).toEqual({
      documents: ['Core:KindDescriptor {"codeValue":"A","namespace":"uri://both","shortDescription":"uri://one"}'],
      rejects: [],
      merged: [{ resource: 'Core:KindDescriptor', stays: 'uri://one#A', goes: 'uri://two#A' }],
    });
  });

  it('are the items of a collection and what an extension adds to them', async () => {
    const added = build.extensionOf('Person', {
      jsonSchemaForInsert: object({
        _ext: build.ext(
          'arts',
          object({ homes: array(object({ _ext: build.ext('arts', object({ color: string() })) })) }),
        ),
      }),
      documentPathsMapping: { Color: build.scalarPath('$._ext.arts.homes[*]._ext.arts.color') },
    });
    const before = places(
      core('1.0.0', [person({ homes: array(object({ street: string() })) })]),
      extension('Arts', [added]),
    );
    const after = places(core('2.0.0', [person({ homes: array(object({ street: string(), color: string() })) })]));
    const given = [
      document('Core:Person', 'p', {
        personId: '1',
        homes: [{ street: 'a' }, { street: 'b' }],
        _ext: { arts: { homes: [{ _ext: { arts: { color: 'red' } } }] } },
      }),
    ];
    expect(await outcome({ moves: [move('Arts', 'Core')] }, [before, after], given)).toEqual({
      documents: ['Core:Person {"homes":[{"color":"red","street":"a"},{"street":"b"}],"personId":"1"}'],
      rejects: [],
      merged: [],
    });
  });
});
