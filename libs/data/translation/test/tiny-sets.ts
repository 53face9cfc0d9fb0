import { documentPlans } from '@dms/documents';
import { compileMappingSet } from '@dms/plans';
import { build, modelOf } from '@dms/testing';
import { canonicalText, isJsonObject, parseJson } from '@dms/values';
import {
  compileTranslation,
  type EarlierDocument,
  type SetPlaces,
  setPlaces,
  type TranslationJson,
} from '../src/index.ts';
import { outcomeOf, type TranslationOutcome } from './translated.ts';

/* Tiny schema sets, one for each case, and documents of them as plain JSON. */

/** The members of a document or object. A reference names its members and the places that they repeat. */
export interface TinyMembers {
  readonly [name: string]:
    | 'text'
    | 'short text'
    | 'whole number'
    | 'flag'
    | 'day'
    | 'moment'
    | { readonly descriptor: string }
    | { readonly to: string; readonly parts: Readonly<Record<string, string>> }
    | { readonly items: TinyMembers; readonly unique?: string; readonly required?: readonly string[] }
    | { readonly object: TinyMembers };
}

export interface TinyResource {
  readonly identity: readonly string[];
  readonly members: TinyMembers;
  /** Names of required members, beside those of the identity. */
  readonly required?: readonly string[];
}

const scalars = {
  text: build.string(),
  'short text': build.string(5),
  'whole number': build.integer(),
  flag: build.boolean(),
  day: build.date(),
  moment: build.dateTime(),
} as const;

/** The parts of a schema that members add, by their paths. */
interface SchemaParts {
  readonly mapping: Record<string, build.JsonRecord>;
  readonly unique: string[];
}

function objectOf(members: TinyMembers, at: string, parts: SchemaParts, required: readonly string[]): build.JsonRecord {
  const properties = Object.entries(members).map(([name, member]): [string, build.JsonRecord] => {
    const path = `${at}.${name}`;
    if (typeof member === 'string') {
      parts.mapping[path] = build.scalarPath(path);
      return [name, scalars[member]];
    }
    if ('descriptor' in member) {
      parts.mapping[path] = build.descriptorPath(member.descriptor, path);
      return [name, build.uri()];
    }
    if ('to' in member) {
      const pairs = Object.entries(member.parts).map(([part, target]) => [target, `${path}.${part}`] as const);
      parts.mapping[path] = build.reference(member.to, pairs, required.includes(name));
      const names = Object.keys(member.parts);
      return [name, build.object(Object.fromEntries(names.map((part) => [part, build.string()])), names)];
    }
    if ('object' in member) return [name, objectOf(member.object, path, parts, [])];
    const { items, unique, required: needed = [] } = member;
    if (unique !== undefined) parts.unique.push(`${path}[*].${unique}`);
    return [
      name,
      build.array(objectOf(items, `${path}[*]`, parts, unique === undefined ? needed : [unique, ...needed])),
    ];
  });
  return build.object(Object.fromEntries(properties), required);
}

function resourceOf(name: string, { identity, members, required = [] }: TinyResource): build.BuiltResource {
  const parts: SchemaParts = { mapping: {}, unique: [] };
  const ofIdentity = identity.map((path) => path.split('.')[1] ?? '');
  const schema = objectOf(members, '$', parts, [...ofIdentity, ...required]);
  return build.resource(name, {
    identityJsonPaths: [...identity],
    jsonSchemaForInsert: schema,
    documentPathsMapping: parts.mapping,
    arrayUniquenessConstraints: parts.unique.map((path) => ({ paths: [path] })),
  });
}

/** A set with one project, whose resources without members are descriptors. */
export function tinySet(
  version: string,
  resources: Readonly<Record<string, TinyResource | null>>,
  projectName = 'Core',
): SetPlaces {
  const built = Object.entries(resources).map(([name, resource]) =>
    resource === null ? build.descriptor(name) : resourceOf(name, resource),
  );
  return setPlaces(documentPlans(compileMappingSet(modelOf([build.project(projectName, built, { version })]))));
}

/** A document as `[resource, members]`, or `[resource, members, uuid]`. */
export type TinyDocument = readonly [resource: string, members: object, uuid?: string];

export interface TinyCase {
  readonly before: Readonly<Record<string, TinyResource | null>>;
  readonly after: Readonly<Record<string, TinyResource | null>>;
  /** The later name of the project; `Core` by default. */
  readonly laterProject?: string;
  readonly rules: TranslationJson;
  readonly documents?: readonly TinyDocument[];
}

/** The check of the rules of a case. */
export const checkOf = ({ before, after, laterProject, rules }: TinyCase) =>
  compileTranslation([rules], tinySet('1.0.0', before), tinySet('2.0.0', after, laterProject));

/** The outcome of the documents of a case. Throws if the rules are not complete. */
export async function outcomeOfCase(own: TinyCase): Promise<TranslationOutcome> {
  const { translation, problems } = checkOf(own);
  if (!translation) throw new Error(JSON.stringify(problems));
  return outcomeOf(translation, (own.documents ?? []).map(earlierDocument));
}

function earlierDocument([resource, members, uuid]: TinyDocument): EarlierDocument {
  const document = parseJson(JSON.stringify(members), resource);
  if (!isJsonObject(document)) throw new Error(`${resource} is not an object`);
  return { resource, uuid: uuid ?? null, document };
}

/** Documents as sorted texts. */
export const textsOf = (documents: readonly TinyDocument[]): readonly string[] =>
  documents.map((each) => `${each[0]} ${canonicalText(earlierDocument(each).document)}`).sort();

/** The documents of an outcome as sorted texts, and its rejects as `code place`. */
export const foundIn = ({ documents, rejects }: TranslationOutcome) => ({
  documents: documents.map(({ resource, document }) => `${resource} ${canonicalText(document)}`).sort(),
  rejects: rejects.map(({ problem: { code, place } }) => `${code} ${place}`).sort(),
});
