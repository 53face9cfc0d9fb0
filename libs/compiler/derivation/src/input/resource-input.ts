import { compileJsonPath, type JsonPath, type ResourceSchema, readFormat, resourceSchema } from '@dms/api-schema';
import { alternatives, type DiagnosticCollector } from '@dms/diagnostics';
import { noSecurableElements, type QualifiedResourceName } from '@dms/model';
import type { JsonValue } from '@dms/values';
import type { DraftRules, ResourceMembers } from '../draft/draft-rules.ts';
import {
  type ArrayUniquenessEntry,
  type EqualityConstraint,
  flattenUniqueness,
  isElement,
  readArrayUniqueness,
  readEqualityConstraints,
} from './constraints.ts';
import { type DocumentPaths, type ReferenceMapping, readReferenceMappings } from './document-paths.ts';
import { type InsertSchema, isRefused, readInsertSchema } from './insert-schema.ts';
import { type NameOverrides, noOverrides, readNameOverrides } from './name-overrides.ts';
import {
  failResource,
  malformedMember,
  type ResourceEntry,
  readIdentityPaths,
  resourceDiagnostic,
  superclassName,
} from './resource-entry.ts';
import type { DecimalInfo } from './scalar-type.ts';

/** A resource schema as derivation reads it (design 02 §5). */
export interface ResourceInput {
  readonly entry: ResourceEntry;
  readonly label: string;
  readonly isDescriptor: boolean;
  readonly isSubclass: boolean;
  /** As declared; a subclass needs both. */
  readonly superclass: { readonly projectName: string | undefined; readonly resourceName: string | undefined };
  readonly superclassIdentityJsonPath: JsonPath | undefined;
  readonly allowIdentityUpdates: boolean;
  readonly insertSchema: InsertSchema;
  readonly identityJsonPaths: readonly JsonPath[];
  readonly identity: ReadonlySet<string>;
  readonly references: readonly ReferenceMapping[];
  /** The reference paths of all mappings. Their values do not become columns in the walk over the schema. */
  readonly referencePaths: ReadonlySet<string>;
  readonly referenceObjectPaths: ReadonlySet<string>;
  readonly arrayUniqueness: readonly ArrayUniquenessEntry[];
  readonly decimalInfos: ReadonlyMap<string, DecimalInfo>;
  readonly equalityConstraints: readonly EqualityConstraint[];
  readonly overrides: NameOverrides;
  readonly members: ResourceMembers;
}

/** The members of a resource extension, where they are ignored. */
const noMembers: ResourceMembers = {
  securableElements: noSecurableElements,
  queryFieldMapping: [],
  descriptorTexts: null,
};

/** The superclass of a subclass, if its name is complete. */
export function superclassOf({ isSubclass, superclass }: ResourceInput): QualifiedResourceName | undefined {
  const { projectName, resourceName } = superclass;
  return isSubclass && projectName !== undefined && resourceName !== undefined
    ? { projectName, resourceName }
    : undefined;
}

/**
 * Reads one resource schema and validates its insert schema (design 02 §5, §6.1–6.3); `descriptorPaths` are the
 * descriptor paths in its own part of the document. Everything with an error is reported and omitted.
 */
export function readResourceInput(
  entry: ResourceEntry,
  documentPaths: DocumentPaths,
  descriptorPaths: ReadonlyMap<string, QualifiedResourceName>,
  rules: DraftRules,
  diagnostics: DiagnosticCollector,
): ResourceInput {
  const { schema, lacksSchema } = readMembers(entry, diagnostics);
  const identityJsonPaths = readIdentityPaths(entry, diagnostics);
  let knownSchema: InsertSchema | undefined;
  const readSchema = () => {
    knownSchema ??= readInsertSchema(entry.label, schema.jsonSchemaForInsert, descriptorPaths, diagnostics);
    if (lacksSchema) knownSchema = { ...knownSchema, refused: new Set(['$']) };
    return knownSchema;
  };
  const references = readReferenceMappings(entry, documentPaths, identityJsonPaths, diagnostics, (reference) =>
    rules.isReferenceRequired({ ...reference, entry, insertSchema: readSchema }),
  );
  // includes references with an error: their values do not become columns either
  const referencePaths = new Set<string>();
  for (const [key, value] of documentPaths.entriesOf(entry)) {
    if (value.kind !== 'reference') continue;
    for (const pair of documentPaths.pathsOf(entry, key, value)) referencePaths.add(pair.referenceJsonPath.canonical);
  }
  const insertSchema = readSchema();
  const superclassPath = schema.superclassIdentityJsonPath;
  const input: ResourceInput = {
    entry,
    label: entry.label,
    isDescriptor: schema.isDescriptor,
    isSubclass: schema.isSubclass ?? false,
    superclass: superclassName(entry),
    superclassIdentityJsonPath:
      superclassPath === undefined
        ? undefined
        : diagnostics.attempt(() =>
            compileJsonPath(superclassPath, { resource: entry.label }, 'superclassIdentityJsonPath'),
          ),
    allowIdentityUpdates: schema.allowIdentityUpdates,
    insertSchema,
    identityJsonPaths,
    identity: new Set(identityJsonPaths.map((path) => path.canonical)),
    references,
    referencePaths,
    referenceObjectPaths: new Set(references.map((reference) => reference.referenceObjectPath.canonical)),
    arrayUniqueness: readArrayUniqueness(entry, references, diagnostics),
    decimalInfos: readDecimalInfos(entry, schema.decimalPropertyValidationInfos ?? [], diagnostics),
    equalityConstraints: readEqualityConstraints(entry, diagnostics),
    overrides: schema.isDescriptor
      ? (diagnostics.attempt(() => readNoOverrides(entry)) ?? noOverrides)
      : readNameOverrides(entry, insertSchema, references, diagnostics),
    members: entry.isResourceExtension ? noMembers : rules.resourceMembers(entry, diagnostics),
  };
  if (!entry.isResourceExtension) checkPlaces(input, diagnostics);
  return input;
}

/** The values that replace members of the wrong type, so that the rest of a resource can be read. */
const standIns: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['isDescriptor', false],
  ['allowIdentityUpdates', false],
  ['identityJsonPaths', []],
  ['jsonSchemaForInsert', new Map()],
]);

/**
 * The members that derivation reads. Members of the wrong type are reported (`APISCHEMA_INVALID`) and have a stand-in.
 */
function readMembers(
  entry: ResourceEntry,
  diagnostics: DiagnosticCollector,
): { readonly schema: ResourceSchema; readonly lacksSchema: boolean } {
  const read = readFormat(resourceSchema, entry.json);
  if (!('findings' in read)) return { schema: read.value, lacksSchema: false };
  diagnostics.add(read.findings.map((finding) => malformedMember(entry.label, finding)));
  const wrong = new Set(read.findings.map(({ member }) => member.replace(/[.[].*$/s, '')));
  const json = new Map(entry.json);
  for (const member of wrong) json.set(member, standIns.get(member) ?? null);
  const again = readFormat(resourceSchema, json);
  if ('findings' in again) throw new Error(`${entry.label} cannot be read`);
  return { schema: again.value, lacksSchema: wrong.has('jsonSchemaForInsert') };
}

function readDecimalInfos(
  entry: ResourceEntry,
  infos: readonly { path: string; totalDigits: number | undefined; decimalPlaces: number | undefined }[],
  diagnostics: DiagnosticCollector,
): Map<string, DecimalInfo> {
  const byPath = new Map<string, DecimalInfo>();
  diagnostics.forEach(infos.entries(), ([index, { path, totalDigits, decimalPlaces }]) => {
    const { canonical } = compileJsonPath(
      path,
      { resource: entry.label },
      `decimalPropertyValidationInfos[${index}].path`,
    );
    if (byPath.has(canonical)) {
      failResource(
        'DECIMAL_INFO_DUPLICATE',
        entry.label,
        `decimalPropertyValidationInfos lists ${canonical} twice`,
        canonical,
        { path: canonical },
      );
    }
    byPath.set(canonical, { totalDigits, decimalPlaces });
  });
  return byPath;
}

/** A descriptor has no table to name, so even an empty `relational` is an error (design 02 §11). */
function readNoOverrides(entry: ResourceEntry): NameOverrides {
  if (entry.json.has('relational')) {
    const text = 'a descriptor resource must not have a "relational" member; it has no table of its own';
    failResource('DESCRIPTOR_OVERRIDE_FORBIDDEN', entry.label, text, 'relational');
  }
  return noOverrides;
}

function checkPlaces(input: ResourceInput, diagnostics: DiagnosticCollector): void {
  const { nodes } = input.insertSchema;
  // a value with a refused schema may be a scalar
  const isScalar = (path: string) => nodes.get(path)?.kind === 'scalar' || isRefused(input.insertSchema, path);
  // suggests paths only for a single one: several indicate another kind of error
  const nearPlaces = ([path, ...others]: readonly string[], isPlace = isScalar) =>
    path !== undefined && others.length === 0 ? alternatives(path, [...nodes.keys()].filter(isPlace)) : '';
  const lost = input.identityJsonPaths
    .map((path) => path.canonical)
    .filter((path) => !isScalar(path))
    .sort();
  if (lost.length > 0) {
    const text = `identityJsonPaths names paths that are not scalars of jsonSchemaForInsert: ${lost.join(', ')}${nearPlaces(lost)}`;
    diagnostics.add([resourceDiagnostic('IDENTITY_PATH_NOT_IN_SCHEMA', input.label, text, lost[0], { paths: lost })]);
  }
  const constraints = flattenUniqueness(input.arrayUniqueness);
  const basePaths = constraints.flatMap(({ basePath }) =>
    basePath && !isArrayScope(basePath, nodes) && !isRefused(input.insertSchema, basePath.canonical)
      ? [basePath.canonical]
      : [],
  );
  const paths = constraints.flatMap((constraint) =>
    constraint.paths.map((path) => path.canonical).filter((path) => !isScalar(path)),
  );
  const missing = [...new Set(basePaths.length > 0 ? basePaths : paths)].sort();
  if (missing.length > 0) {
    const isAboutBases = basePaths.length > 0;
    const what = isAboutBases ? 'base paths that are not elements of an array' : 'paths that are not scalars';
    const near = isAboutBases ? nearPlaces(missing, (path) => path.endsWith('[*]')) : nearPlaces(missing);
    const text = `arrayUniquenessConstraints names ${what} of jsonSchemaForInsert: ${missing.join(', ')}${near}`;
    const details = { paths: missing };
    diagnostics.add([
      resourceDiagnostic('ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', input.label, text, missing[0], details),
    ]);
  }
}

const isArrayScope = (path: JsonPath, nodes: InsertSchema['nodes']) => isElement(path) && nodes.has(path.canonical);
