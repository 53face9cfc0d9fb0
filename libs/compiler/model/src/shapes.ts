import { type JsonPath, parseJsonPath } from '@dms/api-schema';
import { dialects, logicalKinds } from '@dms/sql';
import * as z from 'zod/mini';
import type { FinalName } from './naming/name-forms.ts';

/* Shapes that several artifacts share (design 02 §15.1, 05 §8.1). */

/** The type of the values that a shape reads, deeply immutable. */
export type DatabaseShape<Schema extends z.ZodMiniType> = Immutable<z.output<Schema>>;

type Immutable<Value> = Value extends string | number | boolean | null | undefined | JsonPath
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Immutable<Item>[]
    : { readonly [Name in keyof Value]: Immutable<Value[Name]> };

export const jsonPath = z.pipe(
  z.string(),
  z.transform((text, { issues }) => {
    const parsed = parseJsonPath(text);
    if ('path' in parsed) return parsed.path;
    issues.push({ code: 'custom', input: text, message: `no JSONPath: ${text}` });
    return z.NEVER;
  }),
);

/** A name in the database; the file has the final form. */
export const finalName: z.ZodMiniType<FinalName, string> = z.string();
export const finalNames = z.array(finalName);

export const dialect = z.enum(dialects);
export const tableName = z.object({ schema: finalName, name: finalName });
export const resourceName = z.object({ projectName: z.string(), resourceName: z.string() });
export const columnMapping = z.object({ sourceColumn: finalName, targetColumn: finalName });

export const scalarType = z.object({
  kind: z.enum(logicalKinds),
  maxLength: z.nullable(z.int()),
  decimal: z.nullable(z.object({ precision: z.int(), scale: z.int() })),
});

/**
 * A value of the identity of a resource: its path in documents, and its root column, which may be an alias (design 05
 * §4.1).
 */
export const identityElement = z.object({
  column: finalName,
  identityJsonPath: jsonPath,
  scalarType,
  isDescriptor: z.boolean(),
});

/** An identity of documents: under their own resource or under its superclass. */
export const identityBlock = z.object({
  resourceKeyId: z.int(),
  projectName: z.string(),
  resourceName: z.string(),
  identityElements: z.array(identityElement),
});

/**
 * Whether the check of a key can be deferred to the end of the transaction; always false in mssql. True means that it
 * is always deferred (`INITIALLY DEFERRED`, design 11 §2), `InitiallyImmediate` that it is deferred only if a trigger
 * or a session requests it (design 16 §8.1).
 */
export const deferral = z.union([z.boolean(), z.literal('InitiallyImmediate')]);
