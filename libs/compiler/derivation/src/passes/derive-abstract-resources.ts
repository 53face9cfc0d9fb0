import { type JsonPath, type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import { counted, type DiagnosticCollector } from '@dms/diagnostics';
import { isFieldMatchedPart, mustExist, pascalCase, type QualifiedResourceName, type ScalarType } from '@dms/model';
import { isInteger, widerInteger } from '@dms/sql';
import { compareBy, isJsonObject } from '@dms/values';
import type { IdentityPathMember } from '../draft/draft-rules.ts';
import { addResourceKeyColumn, type DraftColumn, DraftTable, documentTable, storageOf } from '../draft/draft-table.ts';
import type { DraftAbstractResource, DraftMapping, DraftResource, ModelDraft } from '../draft/model-draft.ts';
import { readRootOverride } from '../input/name-overrides.ts';
import { failResource, type ResourceEntry, readIdentityPaths } from '../input/resource-entry.ts';
import { stringType, typeText } from '../input/scalar-type.ts';
import { addDocumentForeignKey } from './derive-resources.ts';
import { abstractSuperclass } from './validate-schema-set.ts';

/** Derives an identity table and a union view for every abstract resource from its concrete members (design 03 §9). */
export function deriveAbstractResources(draft: ModelDraft): void {
  const membersOf = new Map<string, DraftResource[]>();
  draft.diagnostics.forEach(draft.resources.values(), (resource) => {
    if (!resource.input.isSubclass) return;
    const label = abstractSuperclass(draft, resource.entry, resource.input.superclass)?.label;
    if (label !== undefined) membersOf.set(label, [...(membersOf.get(label) ?? []), resource]);
  });
  const keys = new Map(draft.set.info.resourceKeys.map((key) => [resourceLabel(key), key]));
  draft.diagnostics.forEach(draft.entries.abstract, (entry) => {
    const members = (membersOf.get(entry.label) ?? []).sort(
      compareBy(
        (member) => member.entry.resourceName,
        (member) => member.entry.project.projectName,
      ),
    );
    const abstract = deriveAbstract(draft, entry, keys.get(entry.label) as ResourceKeyEntry, members);
    if (abstract) draft.abstracts.set(entry.label, abstract);
  });
}

const discriminatorColumn = 'Discriminator';
const discriminatorLength = 256;

function deriveAbstract(
  draft: ModelDraft,
  entry: ResourceEntry,
  resourceKey: ResourceKeyEntry,
  members: readonly DraftResource[],
): DraftAbstractResource | undefined {
  const { label } = entry;
  // a resource in a part that could not be read may be a member
  if (members.length === 0 && !draft.isWhole) return undefined;
  if (members.length === 0)
    failResource(
      'ABSTRACT_NO_MEMBERS',
      label,
      'no resource of the set is a subclass of it; an abstract resource needs at least one',
    );
  const { identityJsonPaths, rootTableName } = readAbstractInput(entry, draft.diagnostics);
  const baseName = rootTableName ?? pascalCase(entry.resourceName);
  if (baseName === '')
    failResource('NAME_EMPTY', label, 'the resource name has no letter or digit to name a table with', '$');
  const schema = entry.project.physicalSchema;
  const origin = { label, path: '$' };
  const place = { kind: 'Unspecified', parentKind: undefined, rootBaseName: baseName, collectionNames: [] } as const;
  const table = new DraftTable({
    table: { schema, name: `${baseName}Identity` },
    scope: rootPath,
    origin: { ...origin, defaultName: `${pascalCase(entry.resourceName)}Identity` },
    collectionNames: [],
    shape: draft.rules.tableShape(place, { ...place, rootBaseName: pascalCase(entry.resourceName) }),
  });
  const mappings = members.map((): DraftMapping[] => []);
  draft.diagnostics.forEach(identityJsonPaths, (path) => {
    const mapped = members.flatMap((member) => {
      const column = draft.diagnostics.attempt(() => mappedColumn(entry, path, member));
      return column ? [{ member, column }] : [];
    });
    // the lack of the path in a member was reported
    if (mapped.length < members.length) return;
    const { kind, type, targetResource } = mergeColumns(entry, path, mapped);
    const named = members.map((member) => identityPathMember(entry, path, member));
    const { name, defaultName } = draft.rules.abstractColumnName(label, path, named, kind === 'DescriptorFk');
    if (name === '') {
      const text = `the identity path ${path.canonical} has no letter or digit to name a column with`;
      failResource('NAME_EMPTY', label, text, path.canonical);
    }
    const target = table.addColumn({
      name,
      kind,
      scalarType: type,
      isNullable: false,
      sourcePath: path,
      targetResource,
      storage: { kind: 'Stored' },
      origin: { label, path: path.canonical, defaultName },
    });
    mapped.forEach(({ column }, index) => {
      mustExist(mappings[index], 'the mappings of a member').push({ source: column, target });
    });
  });
  const identityColumns = [...table.columns.values()].slice(1);
  const resourceKeyColumn = draft.rules.abstractRowsNameResource ? addResourceKeyColumn(table) : null;
  table.addColumn({
    name: discriminatorColumn,
    kind: 'Scalar',
    scalarType: stringType(discriminatorLength),
    isNullable: false,
    sourcePath: null,
    targetResource: null,
    storage: { kind: 'Stored' },
    origin: { ...origin, defaultName: discriminatorColumn },
  });
  addIdentityConstraints(draft, table, identityColumns, resourceKeyColumn);
  draft.diagnostics.forEach(members, checkDiscriminator);
  const abstractMembers = members.map((resource, index) => ({
    resource,
    mappings: mustExist(mappings[index], 'the mappings of a member'),
  }));
  const view = { schema, name: `${baseName}_View` };
  return { entry, resourceKey, baseName, identityJsonPaths, table, members: abstractMembers, view };
}

/** An abstract resource as derivation reads it (design 03 §9). */
interface AbstractInput {
  readonly entry: ResourceEntry;
  readonly label: string;
  readonly identityJsonPaths: readonly JsonPath[];
  /** `rootTableNameOverride`. */
  readonly rootTableName: string | undefined;
}

/** Reads one entry of `abstractResources`. */
function readAbstractInput(entry: ResourceEntry, diagnostics: DiagnosticCollector): AbstractInput {
  const { label } = entry;
  const paths = readIdentityPaths(entry, diagnostics);
  const isPlain = ({ segments }: JsonPath) => segments.length > 0 && segments.every(({ kind }) => kind === 'property');
  diagnostics.forEach(paths, (path) => {
    if (isPlain(path)) return;
    const { canonical } = path;
    const text = `the identity path ${canonical} must name a property outside arrays`;
    failResource('IDENTITY_PATH_IN_ARRAY', label, text, canonical);
  });
  const rootTableName = diagnostics.attempt(() => rootOverrideOf(entry));
  return { entry, label, identityJsonPaths: paths.filter(isPlain), rootTableName };
}

function rootOverrideOf(entry: ResourceEntry): string | undefined {
  const relational = entry.json.get('relational');
  if (relational === undefined || relational === null) return undefined;
  if (isJsonObject(relational)) return readRootOverride(entry, relational);
  return failResource('OVERRIDE_INVALID', entry.label, 'relational must be an object', 'relational', {
    member: 'relational',
  });
}

/** The root column of a member that feeds an identity column of the abstract resource. */
function mappedColumn(abstract: ResourceEntry, path: JsonPath, member: DraftResource): DraftColumn {
  const ownPath = memberPath(abstract, path, member);
  const { root, label } = member;
  const columns = root.columnsAt(ownPath.canonical);
  const [first] = columns;
  if (!first) {
    const text = `the identity path ${ownPath.canonical} of ${abstract.label} has no column in its root table ${root.qualified}`;
    return failResource('ABSTRACT_COLUMN_MISSING', label, text, ownPath.canonical, { table: root.qualified });
  }
  let column = first;
  if (columns.length > 1) {
    const storage = new Set(columns.map(storageOf));
    const [stored, ...others] = storage;
    const isValue = stored && others.length === 0 && !isGate(root, stored);
    if (!isValue || columns.some(({ kind }) => kind !== first.kind)) {
      const names = columns.map(({ name }) => name);
      const text = `${ownPath.canonical} feeds several columns that are not one stored column: ${names.join(', ')}`;
      return failResource('ABSTRACT_COLUMN_AMBIGUOUS', label, text, ownPath.canonical, { columns: names });
    }
    column = stored;
  }
  if (column.isNullable) {
    const text = `the column ${column.name} of ${ownPath.canonical} may be NULL; an identity of ${abstract.label} must not`;
    failResource('ABSTRACT_COLUMN_NULLABLE', label, text, ownPath.canonical, { column: column.name });
  }
  return column;
}

/** The path of the member for an identity path of the abstract resource: renamed or the same. */
function memberPath(abstract: ResourceEntry, path: JsonPath, member: DraftResource): JsonPath {
  if (member.input.superclassIdentityJsonPath) return member.input.identityJsonPaths[0] as JsonPath;
  if (member.input.identity.has(path.canonical)) return path;
  const text = `its identity lacks ${path.canonical}, which ${abstract.label} has; add it or name it with superclassIdentityJsonPath`;
  return failResource('ABSTRACT_PATH_MISSING', member.label, text, path.canonical, { abstract: abstract.label });
}

const isGate = (table: DraftTable, column: DraftColumn): boolean =>
  [...table.columns.values()].some(({ storage }) => storage.kind === 'UnifiedAlias' && storage.presence === column);

interface MappedColumn {
  readonly member: DraftResource;
  readonly column: DraftColumn;
}

function mergeColumns(
  abstract: ResourceEntry,
  path: JsonPath,
  mapped: readonly MappedColumn[],
): { kind: DraftColumn['kind']; type: ScalarType; targetResource: QualifiedResourceName | null } {
  const first = mapped[0] as MappedColumn;
  const targetOf = ({ column }: MappedColumn) => (column.targetResource ? resourceLabel(column.targetResource) : '');
  const described = (entry: MappedColumn, type: ScalarType) =>
    [entry.column.kind, targetOf(entry) || typeText(type)].join(' ');
  let type = first.column.scalarType;
  for (const entry of mapped) {
    const merged = mergeTypes(type, entry.column.scalarType);
    if (!merged || entry.column.kind !== first.column.kind || targetOf(entry) !== targetOf(first)) {
      const types = [described(first, type), described(entry, entry.column.scalarType)];
      const text = `the identity path ${path.canonical} of ${abstract.label} cannot be ${types.join(' and ')} at once`;
      return failResource('ABSTRACT_TYPE_CONFLICT', entry.member.label, text, path.canonical, {
        abstract: abstract.label,
        types,
        members: [first.member.label, entry.member.label],
      });
    }
    type = merged;
  }
  return { kind: first.column.kind, type, targetResource: first.column.targetResource };
}

/** The parts of a member's references that repeat its path for an abstract identity path. */
function identityPathMember(abstract: ResourceEntry, path: JsonPath, member: DraftResource): IdentityPathMember {
  const own = memberPath(abstract, path, member);
  const parts = (member.bindingsByReferencePath.get(own.canonical) ?? []).flatMap(
    ({ referenceObjectPath, identityBindings }) =>
      identityBindings.flatMap(({ identityJsonPath, referenceJsonPath, column }) => {
        if (referenceJsonPath.canonical !== own.canonical) return [];
        const isFieldMatched = isFieldMatchedPart(referenceObjectPath, referenceJsonPath, identityJsonPath);
        return [{ identityJsonPath, defaultName: column.origin.defaultName, isFieldMatched }];
      }),
  );
  return { label: member.label, path: own, parts };
}

function addIdentityConstraints(
  { rules }: ModelDraft,
  table: DraftTable,
  identityColumns: readonly DraftColumn[],
  resourceKeyColumn: DraftColumn | null,
): void {
  if (identityColumns.length > 0) {
    table.addConstraint({ kind: 'Unique', purpose: 'NaturalKey', columns: identityColumns });
    table.addConstraint({
      kind: 'Unique',
      purpose: 'ReferenceKey',
      columns: rules.referenceKey(table.documentId, identityColumns),
    });
  }
  if (resourceKeyColumn === null) return addDocumentForeignKey(table);
  table.addConstraint({
    kind: 'ForeignKey',
    purpose: { kind: 'DocumentResource' },
    columns: [table.documentId, resourceKeyColumn],
    target: documentTable,
    targetColumns: [...documentTable.columns.values()],
    onDelete: 'Cascade',
  });
}

/**
 * Checks the length of the discriminator, which identifies the rows of a member in the identity table and the union
 * view.
 */
function checkDiscriminator({ label }: DraftResource): void {
  if (label.length <= discriminatorLength) return;
  const text = `its discriminator has ${counted(label.length, 'character')}; at most ${discriminatorLength} fit`;
  failResource('ABSTRACT_DISCRIMINATOR_LENGTH', label, text, undefined, { value: label });
}

/** The smallest type that holds the values of both types; undefined if there is none (design 03 §9.2). */
export function mergeTypes(a: ScalarType, b: ScalarType): ScalarType | undefined {
  if (a.kind !== b.kind) {
    if (!isInteger(a.kind) || !isInteger(b.kind)) return undefined;
    return widerInteger(a.kind, b.kind) === a.kind ? a : b;
  }
  if (a.kind === 'String')
    return {
      ...a,
      maxLength: a.maxLength === null || b.maxLength === null ? null : Math.max(a.maxLength, b.maxLength),
    };
  if (a.kind !== 'Decimal') return a;
  const first = a.decimal;
  const second = b.decimal;
  if (!first || !second || first.scale > first.precision || second.scale > second.precision) return undefined;
  const scale = Math.max(first.scale, second.scale);
  return {
    ...a,
    decimal: { precision: Math.max(first.precision - first.scale, second.precision - second.scale) + scale, scale },
  };
}
