import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { type Compiled, compiled } from '../bench.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/* Persons whose codes become keys with other values, with notes that name them, and cities that become homes. */

const { array, object, project, reference, resource, string } = build;

const person = (part: string, ...others: readonly string[]) => personWith({}, part, ...others);

const personWith = (more: Parameters<typeof object>[0], part: string, ...others: readonly string[]) => {
  const texts = Object.fromEntries([part, ...others].map((each) => [each, string(20)]));
  return resource('Person', {
    identityJsonPaths: [`$.${part}`],
    arrayUniquenessConstraints: Object.keys(more).map((name) => ({ paths: [`$.${name}[*].name`] })),
    jsonSchemaForInsert: object({ ...texts, ...more }, [part]),
  });
};

const note = (part: string) =>
  resource('Note', {
    identityJsonPaths: ['$.noteId', `$.personReference.${part}`],
    documentPathsMapping: { Person: reference('Ed-Fi:Person', [[`$.${part}`, `$.personReference.${part}`]]) },
    jsonSchemaForInsert: object({ noteId: string(20), personReference: object({ [part]: string(20) }, [part]) }, [
      'noteId',
      'personReference',
    ]),
  });

const home = resource('Home', {
  identityJsonPaths: ['$.city'],
  jsonSchemaForInsert: object({ city: string(20) }, ['city']),
});

const codedRules = {
  moves: [{ before: 'Ed-Fi:Person.$.code', after: 'Ed-Fi:Person.$.key', values: { A: 'one', B: 'two', C: 'C' } }],
  documents: [{ before: 'Ed-Fi:Person', after: 'Ed-Fi:Home', members: ['$.city'] }],
};

export function codedSets(version: MappingVersion, dialect: SqlDialect = 'pgsql'): TranslatedSets {
  const before = compiled([project('Ed-Fi', [person('code', 'city'), note('code')])], dialect, version);
  const after = compiled([project('Ed-Fi', [person('key'), note('key'), home])], dialect, version);
  return { before, after, translation: translated(before, after, codedRules) };
}

/** The coded sets with names of persons, whose table is equal in both sets and stays. */
export function namedSets(version: MappingVersion, dialect: SqlDialect = 'pgsql'): TranslatedSets {
  const names = { names: array(object({ name: string(20) }, ['name'])) };
  const before = compiled([project('Ed-Fi', [personWith(names, 'code', 'city'), note('code')])], dialect, version);
  const after = compiled([project('Ed-Fi', [personWith(names, 'key'), note('key'), home])], dialect, version);
  return { before, after, translation: translated(before, after, codedRules) };
}

const club = (motto: ReturnType<typeof string>) =>
  resource('Club', {
    identityJsonPaths: ['$.name'],
    jsonSchemaForInsert: object({ name: string(20), motto }, ['name']),
  });

const visit = resource('Visit', {
  identityJsonPaths: ['$.visitId', '$.clubReference.name'],
  documentPathsMapping: { Club: reference('Ed-Fi:Club', [['$.name', '$.clubReference.name']]) },
  jsonSchemaForInsert: object({ visitId: string(20), clubReference: object({ name: string(20) }, ['name']) }, [
    'visitId',
    'clubReference',
  ]),
});

/**
 * Beside the coded persons, clubs that no rule is about. Their mottos, which have two characters or more, become shorter
 * and begin with a capital letter.
 */
export function strictSets(version: MappingVersion): TranslatedSets {
  const before = compiled(
    [project('Ed-Fi', [person('code'), club({ ...string(20), minLength: 2 }), visit])],
    'pgsql',
    version,
  );
  const motto = { ...string(10), minLength: 2, pattern: '^[A-Z]' };
  const after = compiled([project('Ed-Fi', [person('key'), club(motto), visit])], 'pgsql', version);
  const rules = { moves: [{ before: 'Ed-Fi:Person.$.code', after: 'Ed-Fi:Person.$.key', values: { A: 'one' } }] };
  return { before, after, translation: translated(before, after, rules) };
}

const json = (value: unknown) => toJsonValue(value) as JsonObject;

const hall = (part: string) =>
  resource('Hall', {
    isSubclass: true,
    superclassProjectName: 'Ed-Fi',
    superclassResourceName: 'Venue',
    superclassIdentityJsonPath: '$.venueCode',
    identityJsonPaths: [`$.${part}`],
    jsonSchemaForInsert: object({ [part]: string(20), seats: string(20) }, [part]),
  });

const show = resource('Show', {
  identityJsonPaths: ['$.title', '$.venueReference.venueCode'],
  documentPathsMapping: { Venue: reference('Ed-Fi:Venue', [['$.venueCode', '$.venueReference.venueCode']]) },
  jsonSchemaForInsert: object({ title: string(20), venueReference: object({ venueCode: string(20) }, ['venueCode']) }, [
    'title',
    'venueReference',
  ]),
});

/** Halls, which are venues, whose codes become keys and are exchanged or changed, with shows that name them as venues. */
export function venueSets(version: MappingVersion): TranslatedSets {
  const abstractResources = { Venue: { identityJsonPaths: ['$.venueCode'] } };
  const [before, after] = ['hallCode', 'hallKey'].map((part) =>
    compiled([project('Ed-Fi', [hall(part), show], { abstractResources })], 'pgsql', version),
  ) as [Compiled, Compiled];
  const rules = {
    moves: [
      { before: 'Ed-Fi:Hall.$.hallCode', after: 'Ed-Fi:Hall.$.hallKey', values: { A: 'B', B: 'A', C: 'two', D: 'D' } },
    ],
  };
  return { before, after, translation: translated(before, after, rules) };
}

/** Halls with these codes, each with a show. */
export function venueContents(...codes: readonly string[]) {
  const documents = codes.flatMap((code) => [
    { resource: 'Ed-Fi:Hall', document: json({ hallCode: code }) },
    { resource: 'Ed-Fi:Show', document: json({ title: 'Hamlet', venueReference: { venueCode: code } }) },
  ]);
  return { descriptors: [], documents };
}

/** A person, and clubs with these mottos, each with a visit. */
export function clubContents(...mottos: readonly string[]) {
  const clubs = mottos.flatMap((motto) => [
    { resource: 'Ed-Fi:Club', document: json({ name: `The ${motto}`, motto }) },
    { resource: 'Ed-Fi:Visit', document: json({ visitId: '1', clubReference: { name: `The ${motto}` } }) },
  ]);
  return { descriptors: [], documents: [{ resource: 'Ed-Fi:Person', document: json({ code: 'A' }) }, ...clubs] };
}

/** Persons with these codes, each with a note, of one city. */
export const codedContents = (...codes: readonly string[]) => personContents(codes, {});

/** The same, each person with two names. */
export const namedContents = (...codes: readonly string[]) =>
  personContents(codes, { names: [{ name: 'Ada' }, { name: 'Byron' }] });

function personContents(codes: readonly string[], more: object) {
  const documents = codes.flatMap((code) => [
    { resource: 'Ed-Fi:Person', document: json({ code, city: 'Lima', ...more }) },
    { resource: 'Ed-Fi:Note', document: json({ noteId: `about ${code}`, personReference: { code } }) },
  ]);
  return { descriptors: [], documents };
}
