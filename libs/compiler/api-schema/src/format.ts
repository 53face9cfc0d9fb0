import { nearestName } from '@dms/diagnostics';
import { cachedByObject, JsonNumber, type JsonObject } from '@dms/values';
import * as z from 'zod/mini';

/** The `error` text of a type is the expected value, which a finding shows. */
const nonEmptyString = z
  .string({ error: 'a non-empty string' })
  .check(z.refine((text) => text.trim() !== '', { error: 'a non-empty string' }));
export const flag = z.boolean({ error: 'true or false' });
export const object = z.custom<JsonObject>((value) => value instanceof Map, { error: 'an object' });

/** An integer as written in the schema: `-?digits`, without fraction or exponent (design 01 §2.7). */
export const integer = z.pipe(
  z.custom<JsonNumber>((value) => value instanceof JsonNumber && /^-?[0-9]{1,15}$/.test(value.lexeme), {
    error: 'an integer',
  }),
  z.transform((value) => Number(value.lexeme)),
);

/** Reads the members of a JSON object that `shape` names and ignores the others. */
export function members<Shape extends z.core.$ZodShape>(shape: Shape) {
  const names = Object.keys(shape);
  const pick = (value: ReadonlyMap<string, unknown>) => {
    const picked: Record<string, unknown> = {};
    for (const name of names) if (value.has(name)) picked[name] = value.get(name);
    return picked;
  };
  return z.pipe(
    z.transform((value) => (value instanceof Map ? pick(value) : null)),
    z.object(shape, { error: 'an object' }),
  );
}

/** One ApiSchema file: the members that every step needs (design 01 §2.1, §2.2, §4.1 rows 5–9). */
export const apiSchemaRoot = members({
  apiSchemaVersion: nonEmptyString,
  projectSchema: members({
    projectEndpointName: nonEmptyString,
    projectName: nonEmptyString,
    projectVersion: nonEmptyString,
    isExtensionProject: flag,
    resourceSchemas: object,
    abstractResources: object,
  }),
});

/** The members of a resource schema that number and route it (§4.1 row 11). */
export const resourceSchemaHead = members({ resourceName: nonEmptyString, isResourceExtension: flag });

const qualifiedName = { projectName: nonEmptyString, resourceName: nonEmptyString };
const optional = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.pipe(
    z.nullish(schema),
    z.transform((value) => value ?? undefined),
  );

const documentPathKind = members({ isReference: flag, isDescriptor: optional(flag) });
const scalarPath = members({ path: nonEmptyString });
const descriptorPath = members({ path: nonEmptyString, ...qualifiedName });
const documentReference = members({
  isRequired: optional(flag),
  referenceJsonPaths: z.optional(z.unknown()),
  ...qualifiedName,
});

interface QualifiedTarget {
  readonly projectName: string;
  readonly resourceName: string;
}

/**
 * An entry of `documentPathsMapping` (design 01 §2.5, 02 §5.3). The reader of the pairs checks `referenceJsonPaths`.
 */
export type DocumentPathEntry =
  | { readonly kind: 'scalar'; readonly path: string }
  | { readonly kind: 'descriptor'; readonly path: string; readonly target: QualifiedTarget }
  | {
      readonly kind: 'reference';
      readonly target: QualifiedTarget;
      readonly isRequired: boolean;
      readonly referenceJsonPaths: unknown;
    };

/** The value, or the findings in it. */
type ReadResult<Value> = { readonly value: Value } | { readonly findings: readonly FormatFinding[] };

/** Reads each object once: several derivations of a run read the same objects. */
function readingOnce<Value>(read: (value: unknown) => ReadResult<Value>): (value: unknown) => ReadResult<Value> {
  const readObject = cachedByObject(read);
  return (value) => (typeof value === 'object' && value !== null ? readObject(value) : read(value));
}

function documentPathEntryOf(value: unknown): ReadResult<DocumentPathEntry> {
  const head = readFormat(documentPathKind, value);
  if ('findings' in head) return head;
  if (!head.value.isReference) {
    const read = readFormat(scalarPath, value);
    return 'findings' in read ? read : { value: { kind: 'scalar', path: read.value.path } };
  }
  if (head.value.isDescriptor === undefined)
    return { findings: [{ member: 'isDescriptor', isMissing: true, expected: 'true or false' }] };
  if (head.value.isDescriptor) {
    const read = readFormat(descriptorPath, value);
    if ('findings' in read) return read;
    const { path, projectName, resourceName } = read.value;
    return { value: { kind: 'descriptor', path, target: { projectName, resourceName } } };
  }
  const read = readFormat(documentReference, value);
  if ('findings' in read) return read;
  const { projectName, resourceName, isRequired = false, referenceJsonPaths } = read.value;
  return { value: { kind: 'reference', target: { projectName, resourceName }, isRequired, referenceJsonPaths } };
}

/** Reads one entry of `documentPathsMapping`; its two flags determine its kind. */
export const readDocumentPathEntry = readingOnce(documentPathEntryOf);

const referencePathPair = members({ identityJsonPath: nonEmptyString, referenceJsonPath: nonEmptyString });

/** Reads one element of `referenceJsonPaths`. */
export const readReferencePathPair = readingOnce((value) => readFormat(referencePathPair, value));

/** One element of `decimalPropertyValidationInfos`. */
const decimalPropertyValidationInfo = members({
  path: nonEmptyString,
  totalDigits: optional(integer),
  decimalPlaces: optional(integer),
});

const list = <Schema extends z.ZodMiniType>(schema: Schema) => z.array(schema, { error: 'an array' });

/**
 * The members of a resource schema that derivation reads (design 02 §5.1). Members with rules and codes of their own
 * (`arrayUniquenessConstraints`, `equalityConstraints`, `relational`) are passed on as they are.
 */
export const resourceSchema = members({
  resourceName: nonEmptyString,
  isDescriptor: flag,
  isResourceExtension: flag,
  isSubclass: optional(flag),
  superclassProjectName: z.optional(z.unknown()),
  superclassResourceName: z.optional(z.unknown()),
  superclassIdentityJsonPath: optional(nonEmptyString),
  allowIdentityUpdates: flag,
  identityJsonPaths: list(nonEmptyString),
  documentPathsMapping: optional(object),
  decimalPropertyValidationInfos: optional(list(decimalPropertyValidationInfo)),
  jsonSchemaForInsert: object,
});

export type ResourceSchema = z.output<typeof resourceSchema>;

const texts = z.array(nonEmptyString, { error: 'an array of strings' });

/** The further members of a resource schema that the second generation reads (design 15 §3.2). */
export const securedResourceSchema = members({
  securableElements: optional(
    members({
      EducationOrganization: optional(list(members({ jsonPath: nonEmptyString, metaEdName: nonEmptyString }))),
      Namespace: optional(texts),
      Student: optional(texts),
      Contact: optional(texts),
      Staff: optional(texts),
    }),
  ),
  queryFieldMapping: optional(object),
});

/** The members of an entry of `abstractResources` (design 01 §2.3). */
export const abstractResourceSchema = members({
  resourceName: optional(nonEmptyString),
  identityJsonPaths: list(nonEmptyString).check(z.minLength(1, { error: 'a non-empty array' })),
  documentPathsMapping: optional(object),
});

/** The paths of one field of `queryFieldMapping` (design 15 §3.2). */
export const queryFieldPaths = list(members({ path: nonEmptyString, type: nonEmptyString })).check(
  z.minLength(1, { error: 'a non-empty array' }),
);

/** A finding of a read: the member as `a.b[0].c`, and the expected value. */
export interface FormatFinding {
  readonly member: string;
  readonly isMissing: boolean;
  readonly expected: string;
  /** A member that is there instead of a missing one, under a similar name. */
  readonly misspelt?: string | undefined;
}

function describeFindings(error: z.core.$ZodError, input: unknown): FormatFinding[] {
  return error.issues.map((issue) => {
    const member = issue.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
    const at = (path: readonly PropertyKey[]) =>
      path.reduce<unknown>(
        (value, step) =>
          value instanceof Map ? value.get(step) : Array.isArray(value) ? value[step as number] : undefined,
        input,
      );
    const value = at(issue.path);
    const holder = at(issue.path.slice(0, -1));
    const isMissing = value === undefined || value === null;
    const names = isMissing && holder instanceof Map ? [...holder.keys()].map(String) : [];
    return {
      member: member.replace(/^\./, ''),
      isMissing,
      expected: issue.message,
      misspelt: nearestName(String(issue.path.at(-1)), names).nearest ?? undefined,
    };
  });
}

/** Reads `value` with `schema`: the typed result, or every finding in the order of the members. */
export function readFormat<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): { value: z.output<Schema> } | { findings: readonly FormatFinding[] } {
  const result = schema.safeParse(value);
  return result.success ? { value: result.data } : { findings: describeFindings(result.error, value) };
}

/** `must be …` with the expected value, for a message. */
export function findingText(finding: FormatFinding): string {
  if (!finding.isMissing) return `must be ${finding.expected}`;
  const misspelt = finding.misspelt === undefined ? '' : ` (is it misspelt as "${finding.misspelt}"?)`;
  return `is missing${misspelt}; it must be ${finding.expected}`;
}
