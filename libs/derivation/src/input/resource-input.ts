import { compileJsonPath, issueText, type JsonPath, readFormat, resourceSchema } from '@dms/api-schema';
import { alternatives, failIfAny } from '@dms/diagnostics';
import { noSecurableElements, type QualifiedResourceName } from '@dms/model';
import type { DraftRules, ResourceMembers } from '../draft/draft-rules.ts';
import { type ArrayUniquenessEntry, flattenUniqueness, readArrayUniqueness } from './array-uniqueness-input.ts';
import type { DocumentPaths } from './document-paths.ts';
import { type EqualityConstraint, readEqualityConstraints } from './equality-constraints.ts';
import { readIdentityPaths } from './identity-paths.ts';
import { type InsertSchema, readInsertSchema } from './insert-schema.ts';
import { type NameOverrides, noOverrides, readNameOverrides } from './name-overrides.ts';
import { type ReferenceMapping, readReferenceMappings } from './reference-mapping.ts';
import { failResource, type ResourceEntry, resourceDiagnostic, superclassName } from './resource-entry.ts';
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

function readDecimalInfos(
  entry: ResourceEntry,
  infos: readonly { path: string; totalDigits: number | undefined; decimalPlaces: number | undefined }[],
): Map<string, DecimalInfo> {
  const byPath = new Map<string, DecimalInfo>();
  for (const [index, { path, totalDigits, decimalPlaces }] of infos.entries()) {
    const { canonical } = compileJsonPath(path, { resource: entry.label }, `decimalPropertyValidationInfos[${index}].path`);
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
  }
  return byPath;
}

/** Ignored on a resource extension. */
const noMembers: ResourceMembers = { securableElements: noSecurableElements, queryFieldMapping: [], descriptorTexts: null };

const isArrayScope = (path: JsonPath, nodes: InsertSchema['nodes']) =>
  path.segments.at(-1)?.kind === 'anyElement' && nodes.has(path.canonical);

function checkPlaces(input: ResourceInput): void {
  const { nodes } = input.insertSchema;
  const isScalar = (path: string) => nodes.get(path)?.kind === 'scalar';
  // suggest only for one path: several point to another kind of mistake
  const nearPlaces = (paths: readonly string[]) =>
    paths.length === 1 ? alternatives(paths[0] ?? '', [...nodes.keys()].filter(isScalar)) : '';
  const lost = input.identityJsonPaths
    .map((path) => path.canonical)
    .filter((path) => !isScalar(path))
    .sort();
  if (lost.length > 0) {
    const text = `identityJsonPaths names paths that are not scalars of jsonSchemaForInsert: ${lost.join(', ')}${nearPlaces(lost)}`;
    failResource('IDENTITY_PATH_NOT_IN_SCHEMA', input.label, text, lost[0], { paths: lost });
  }
  const constraints = flattenUniqueness(input.arrayUniqueness);
  const basePaths = constraints.flatMap(({ basePath }) =>
    basePath && !isArrayScope(basePath, nodes) ? [basePath.canonical] : [],
  );
  const paths = constraints.flatMap((constraint) =>
    constraint.paths.map((path) => path.canonical).filter((path) => !isScalar(path)),
  );
  const missing = [...new Set(basePaths.length > 0 ? basePaths : paths)].sort();
  if (missing.length > 0) {
    const text = `arrayUniquenessConstraints names ${basePaths.length > 0 ? 'base paths' : 'paths'} that jsonSchemaForInsert does not have: ${missing.join(', ')}${nearPlaces(missing)}`;
    failResource('ARRAY_UNIQUENESS_PATH_NOT_IN_SCHEMA', input.label, text, missing[0], { paths: missing });
  }
}

/** The superclass of a subclass, if its name is complete. */
export function superclassOf({ isSubclass, superclass }: ResourceInput): QualifiedResourceName | undefined {
  const { projectName, resourceName } = superclass;
  return isSubclass && projectName !== undefined && resourceName !== undefined ? { projectName, resourceName } : undefined;
}

/**
 * Reads one resource schema and validates its insert schema (design 02 §5, §6.1–6.3); `descriptorPaths` are the descriptor
 * paths in its own part of the document. Reports all fields of the wrong type together (`APISCHEMA_INVALID`), otherwise the
 * first broken rule.
 */
export function readResourceInput(
  entry: ResourceEntry,
  documentPaths: DocumentPaths,
  descriptorPaths: ReadonlyMap<string, QualifiedResourceName>,
  rules: DraftRules,
): ResourceInput {
  const read = readFormat(resourceSchema, entry.json);
  if ('issues' in read) {
    failIfAny(
      read.issues.map((issue) =>
        resourceDiagnostic('APISCHEMA_INVALID', entry.label, `${issue.member} ${issueText(issue)}`, issue.member, {
          field: issue.member,
        }),
      ),
    );
    throw new Error('unreachable');
  }
  const schema = read.value;
  const identityJsonPaths = readIdentityPaths(entry);
  let knownSchema: InsertSchema | undefined;
  const readSchema = () => {
    knownSchema ??= readInsertSchema(entry.label, schema.jsonSchemaForInsert, descriptorPaths);
    return knownSchema;
  };
  const references = readReferenceMappings(entry, documentPaths, identityJsonPaths, (reference) =>
    rules.isReferenceRequired({ ...reference, entry, insertSchema: readSchema }),
  );
  const referencePaths = references.flatMap((reference) => reference.paths.map((pair) => pair.referenceJsonPath.canonical));
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
        : compileJsonPath(superclassPath, { resource: entry.label }, 'superclassIdentityJsonPath'),
    allowIdentityUpdates: schema.allowIdentityUpdates,
    insertSchema,
    identityJsonPaths,
    identity: new Set(identityJsonPaths.map((path) => path.canonical)),
    references,
    referencePaths: new Set(referencePaths),
    referenceObjectPaths: new Set(references.map((reference) => reference.referenceObjectPath.canonical)),
    arrayUniqueness: readArrayUniqueness(entry, references),
    decimalInfos: readDecimalInfos(entry, schema.decimalPropertyValidationInfos ?? []),
    equalityConstraints: readEqualityConstraints(entry),
    overrides: schema.isDescriptor ? readNoOverrides(entry) : readNameOverrides(entry, insertSchema, references),
    members: entry.isResourceExtension ? noMembers : rules.resourceMembers(entry),
  };
  if (!entry.isResourceExtension) checkPlaces(input);
  return input;
}

/** A descriptor has no table to name, so even an empty `relational` is an error (design 02 §11). */
function readNoOverrides(entry: ResourceEntry): NameOverrides {
  if (entry.json.has('relational')) {
    const text = 'a descriptor resource must not have a "relational" member; it has no table of its own';
    failResource('DESCRIPTOR_OVERRIDE_FORBIDDEN', entry.label, text, 'relational');
  }
  return noOverrides;
}
