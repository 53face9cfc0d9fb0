import * as z from 'zod/mini';
import { isPath } from '../places/place-name.ts';

/* The file of a translation (design 20 §1). */

const text = z.string().check(z.minLength(1));
const path = text.check(z.refine((value) => isPath(value), { error: 'a path like $.address.city or $.races[*]' }));
const place = text;
const filled = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.record(path, schema).check(z.refine((value) => Object.keys(value).length > 0, { error: 'not empty' }));
const values = z
  .record(z.string(), z.any())
  .check(z.refine((value) => Object.keys(value).length > 0, { error: 'not empty' }));
const take = z.optional(z.literal('first'));
const as = z.optional(z.enum(['codeValue', 'date']));
const oneConversion = z.refine<{ values?: unknown; as?: unknown }>(
  ({ values: given, as: conversion }) => given === undefined || conversion === undefined,
  { error: 'without as where it has values' },
);

const move = z.strictObject({ before: place, after: place, take, values: z.optional(values), as }).check(oneConversion);
const member = z.union([
  path,
  z.strictObject({ before: path, after: path, take, values: z.optional(values), as }).check(oneConversion),
]);
const entry = z.strictObject({ resource: text, where: filled(path), identity: filled(path) });
const entries = z.array(entry).check(z.minLength(1));
const documents = z
  .strictObject({
    before: place,
    after: place,
    members: z.optional(z.array(member)),
    when: z.optional(z.literal('always')),
    identity: z.optional(z.record(path, path)),
    through: z.optional(z.union([text, entries])),
  })
  .check(
    z.refine(({ before, when }) => when === undefined || !before.includes('.$'), {
      error: 'without when where before is a collection',
    }),
    z.refine(({ before, members, when }) => before.includes('.$') || members !== undefined || when !== undefined, {
      error: 'with members or when where before is a resource',
    }),
    z.refine(({ before }) => !before.includes('.$') || (before.endsWith('[*]') && before.split('[*]').length === 2), {
      error: 'of a resource, or of a collection with one [*]',
    }),
  );
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const monthAndDay = z.string().check(
  z.refine((value) => {
    const [, month, day] = /^(\d\d)-(\d\d)$/.exec(value) ?? [];
    return Number(day) >= 1 && Number(day) <= (daysOfMonth[Number(month) - 1] ?? 0);
  }),
);
const fill = z
  .strictObject({
    after: place,
    value: z.optional(z.union([z.string(), z.number(), z.boolean()])),
    schoolYearOf: z.optional(path),
    begins: z.optional(monthAndDay),
  })
  .check(
    z.refine(({ value, schoolYearOf }) => value !== undefined || schoolYearOf !== undefined),
    z.refine(({ schoolYearOf, begins }) => (schoolYearOf === undefined) === (begins === undefined)),
  );
const drop = z.strictObject({ before: place, because: z.optional(z.string()) });
const namespace = z.strictObject({ before: text, after: text });
const versions = z.record(text, text);

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

export type MoveForm = z.infer<typeof move>;
export type DocumentsForm = z.infer<typeof documents>;
export type ThroughForm = z.infer<typeof entry>;
export type FillForm = z.infer<typeof fill>;
export type DropForm = z.infer<typeof drop>;
export type NamespaceForm = z.infer<typeof namespace>;
