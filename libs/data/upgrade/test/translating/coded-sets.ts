import { type JsonObject, toJsonValue } from '@dms/files';
import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { compiled } from '../bench.ts';
import { type TranslatedSets, translated } from './translated-sets.ts';

/* Persons whose codes become keys with other values, with notes that name them, and cities that become homes. */

const { object, project, reference, resource, string } = build;

const person = (part: string, ...others: readonly string[]) =>
  resource('Person', {
    identityJsonPaths: [`$.${part}`],
    jsonSchemaForInsert: object(Object.fromEntries([part, ...others].map((each) => [each, string(20)])), [part]),
  });

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

export function codedSets(version: MappingVersion, dialect: SqlDialect = 'pgsql'): TranslatedSets {
  const before = compiled([project('Ed-Fi', [person('code', 'city'), note('code')])], dialect, version);
  const after = compiled([project('Ed-Fi', [person('key'), note('key'), home])], dialect, version);
  const rules = {
    moves: [{ before: 'Ed-Fi:Person.$.code', after: 'Ed-Fi:Person.$.key', values: { A: 'one', B: 'two', C: 'C' } }],
    documents: [{ before: 'Ed-Fi:Person', after: 'Ed-Fi:Home', members: ['$.city'] }],
  };
  return { before, after, translation: translated(before, after, rules) };
}

/** Persons with these codes, each with a note, of one city. */
export function codedContents(...codes: readonly string[]) {
  const json = (value: unknown) => toJsonValue(value) as JsonObject;
  const documents = codes.flatMap((code) => [
    { resource: 'Ed-Fi:Person', document: json({ code, city: 'Lima' }) },
    { resource: 'Ed-Fi:Note', document: json({ noteId: `about ${code}`, personReference: { code } }) },
  ]);
  return { descriptors: [], documents };
}
