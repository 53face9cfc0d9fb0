import * as z from 'zod/mini';
import { isPath } from '../places/place-name.ts';

/* The file of a translation (design 20 §1). */

/** A schema with the description that an editor shows. */
function described<Schema extends z.core.$ZodType>(description: string, schema: Schema): Schema {
  z.globalRegistry.add(schema, { description });
  return schema;
}

const text = () => z.string().check(z.minLength(1));
const isPathCheck = z.refine<string>((value) => isPath(value), {
  error: 'must be a path like $.address.city or $.races[*]',
});
const path = () => text().check(isPathCheck);
const said = (description: string) => described(description, text());
const place = said;
const filled = <Schema extends z.core.$ZodType>(description: string, schema: Schema) =>
  described(
    description,
    z.record(path(), schema).check(z.refine((value) => Object.keys(value).length > 0, { error: 'must not be empty' })),
  );
const carrying = {
  take: z.optional(described('first: take the first of several items.', z.literal('first'))),
  values: z.optional(
    described(
      'Later values by the texts of earlier ones.',
      z
        .record(z.string(), z.any())
        .check(z.refine((value) => Object.keys(value).length > 0, { error: 'must not be empty' })),
    ),
  ),
  as: z.optional(
    described(
      'A conversion: the code value of a descriptor, or the date of a date-time.',
      z.enum(['codeValue', 'date']),
    ),
  ),
};
const oneConversion = z.refine<{ values?: unknown; as?: unknown }>(
  ({ values: given, as: conversion }) => given === undefined || conversion === undefined,
  { error: 'has values and as, and only one of them converts' },
);

const move = z
  .strictObject({
    before: place('The place in the earlier set: Project, Project:Resource, or Project:Resource.$.path.'),
    after: place('The place in the later set, with its full name.'),
    ...carrying,
  })
  .check(oneConversion);
const member = z.union([path(), z.strictObject({ before: path(), after: path(), ...carrying }).check(oneConversion)]);
const entry = z.strictObject({
  resource: said('The earlier resource whose documents are looked at.'),
  where: filled('Paths in that resource with the paths in the earlier document that have equal values.', path()),
  identity: filled('Paths in the new document with the paths in that resource.', path()),
});
const entries = z.array(entry).check(z.minLength(1));
const documents = z
  .strictObject({
    before: place('The earlier resource, or a collection of it, that documents are made of.'),
    after: place('The later resource that they become.'),
    members: z.optional(described('What goes there: paths, or moves of paths.', z.array(member).check(z.minLength(1)))),
    when: z.optional(described('always: make the document even if there is no value to carry.', z.literal('always'))),
    identity: z.optional(
      described('Paths in the new document with paths in the earlier one.', z.record(path(), path())),
    ),
    through: z.optional(
      described(
        'Where the rest of the identity is: a name in "through", or a list of entries.',
        z.union([text(), entries]),
      ),
    ),
  })
  .check(
    z.refine(({ before, when }) => when === undefined || !before.includes('.$'), {
      error: 'has when, which is for documents of a resource only',
    }),
    z.refine(({ before, members, when }) => before.includes('.$') || members !== undefined || when !== undefined, {
      error: 'needs members or when',
    }),
    z.refine(({ before }) => !before.includes('.$') || (before.endsWith('[*]') && before.split('[*]').length === 2), {
      error: 'must have a resource, or a collection with one [*], as before',
    }),
  );
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const monthAndDay = z.string().check(
  z.refine(
    (value) => {
      const [, month, day] = /^(\d\d)-(\d\d)$/.exec(value) ?? [];
      return Number(day) >= 1 && Number(day) <= (daysOfMonth[Number(month) - 1] ?? 0);
    },
    { error: 'must be a day like 07-01' },
  ),
);
const fill = z
  .strictObject({
    after: place('The place in the later set that documents lack.'),
    value: z.optional(described('The value.', z.union([z.string(), z.number(), z.boolean()]))),
    schoolYearOf: z.optional(described('The path of a date: the value is its school year.', path())),
    begins: z.optional(described('The first day of a school year, MM-DD.', monthAndDay)),
  })
  .check(
    z.refine(({ value, schoolYearOf }) => value !== undefined || schoolYearOf !== undefined, {
      error: 'needs value or schoolYearOf',
    }),
    z.refine(({ schoolYearOf, begins }) => (schoolYearOf === undefined) === (begins === undefined), {
      error: 'needs schoolYearOf and begins together',
    }),
  );
const drop = z.strictObject({
  before: place('The resource, or the place of its documents.'),
  because: z.optional(said('The reason, for readers.')),
});
const namespace = z.strictObject({
  before: said('The beginning of earlier namespaces.'),
  after: said('The beginning that replaces it.'),
});
const versions = z.record(text(), text());

/** The formats of one rule, by member of the file. */
export const ruleFormats = {
  moves: move,
  documents,
  descriptorNamespaces: namespace,
  fills: fill,
  drops: drop,
} as const;

export const throughFormat = entries;
export const versionsFormat = versions;

/** The first error in a rule, in words, with the member that has it. */
export function formText(error: Pick<z.core.$ZodError, 'issues'>): string {
  const [first] = error.issues;
  if (first === undefined) return 'has another form';
  return first.path.length === 0 ? faultText(first) : `${first.path.join('.')}: ${faultText(first)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

function faultText(fault: z.core.$ZodIssue): string {
  const named = (names: readonly unknown[]) => names.map((name) => JSON.stringify(name)).join(' or ');
  switch (fault.code) {
    case 'unrecognized_keys':
      return `has the unknown member ${named(fault.keys)}`;
    case 'invalid_value':
      return `must be ${named(fault.values)}`;
    case 'invalid_type':
      return `must be ${typeNames[fault.expected] ?? fault.expected}`;
    case 'too_small':
      return 'must not be empty';
    case 'custom':
      return fault.message;
    default:
      return 'has another form';
  }
}

/** The published JSON schema of a translation, for editors. */
export function translationJsonSchema(): unknown {
  const listOf = (description: string, rule: z.core.$ZodType) => z.optional(described(description, z.array(rule)));
  const file = z.strictObject({
    $schema: z.optional(described('The JSON schema with which an editor checks this file.', z.string())),
    before: z.optional(described('The beginning of the version of each project of the earlier set.', versions)),
    after: z.optional(described('The same of the later set.', z.record(text(), text()))),
    moves: listOf('What has another name, place or form; in any order.', move),
    documents: listOf('What becomes documents of another resource.', documents),
    through: z.optional(described('Lists for documents, by name.', z.record(text(), entries))),
    descriptorNamespaces: listOf('Beginnings of namespaces of descriptors that change.', namespace),
    fills: listOf('Values that the later set requires and documents lack.', fill),
    drops: listOf('Values that nobody wants any more.', drop),
  });
  const title = 'A translation between two schema sets for dms-ddl and nx-dms';
  return { ...z.toJSONSchema(file, { target: 'draft-7', io: 'input' }), title };
}

export type MoveForm = z.infer<typeof move>;
export type DocumentsForm = z.infer<typeof documents>;
export type ThroughForm = z.infer<typeof entry>;
export type FillForm = z.infer<typeof fill>;
export type DropForm = z.infer<typeof drop>;
export type NamespaceForm = z.infer<typeof namespace>;
