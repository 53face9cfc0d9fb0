import { type JsonPath, propertyNames, type ResourceKeyEntry, resourceLabel, rootPath } from '@dms/api-schema';
import { compareBy } from '@dms/canonical-json';
import { DmsError, forEachReported } from '@dms/diagnostics';
import { type AbstractUnionView, type QualifiedResourceName, resolveStorage, type ScalarType } from '@dms/model';
import { type DraftColumn, DraftTable } from '../draft/draft-table.ts';
import type { AbstractMember, DraftAbstractResource, DraftResource, SetDraft } from '../draft/model-draft.ts';
import { readAbstractInput } from '../input/abstract-input.ts';
import { failResource, type ResourceEntry } from '../input/resource-entry.ts';
import { int64Type, stringType } from '../input/scalar-type.ts';
import { naturalKeyName, referenceKeyName } from '../naming/constraint-name.ts';
import { pascalCase, pascalCaseAll } from '../naming/pascal-case.ts';
import { addDocumentForeignKey } from './derive-base-tables.ts';
import { abstractSuperclass } from './validate-schema-set.ts';

export const discriminatorColumn = 'Discriminator';
const discriminatorLength = 256;

interface MappedColumn {
  readonly member: DraftResource;
  readonly column: DraftColumn;
}

const typeText = ({ kind, maxLength, decimal }: ScalarType) =>
  `${kind}${maxLength === null ? '' : `(${maxLength})`}${decimal === null ? '' : `(${decimal.precision},${decimal.scale})`}`;

/** The smallest type that holds both; undefined where there is none (design 03 §9.2). */
export function mergeTypes(a: ScalarType, b: ScalarType): ScalarType | undefined {
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.size === 2) return kinds.has('Int32') && kinds.has('Int64') ? int64Type : undefined;
  if (a.kind === 'String')
    return { ...a, maxLength: a.maxLength === null || b.maxLength === null ? null : Math.max(a.maxLength, b.maxLength) };
  if (a.kind !== 'Decimal') return a;
  const [first, second] = [a.decimal, b.decimal];
  if (!first || !second || first.scale > first.precision || second.scale > second.precision) return undefined;
  const scale = Math.max(first.scale, second.scale);
  return {
    ...a,
    decimal: { precision: Math.max(first.precision - first.scale, second.precision - second.scale) + scale, scale },
  };
}

/** The member's own path for an identity path of the abstract resource: renamed, or the same. */
function memberPath(abstract: ResourceEntry, path: JsonPath, member: DraftResource): JsonPath {
  if (member.input.superclassIdentityJsonPath) return member.input.identityJsonPaths[0] as JsonPath;
  if (member.input.identity.has(path.canonical)) return path;
  const text = `its identity lacks ${path.canonical}, which ${abstract.label} has; add it or name it with superclassIdentityJsonPath`;
  return failResource('ABSTRACT_PATH_MISSING', member.label, text, path.canonical, { abstract: abstract.label });
}

/** The root column of a member that feeds an identity column of the abstract resource. */
function mappedColumn(abstract: ResourceEntry, path: JsonPath, member: DraftResource): DraftColumn {
  const own = memberPath(abstract, path, member);
  const { root, label } = member;
  const columns = root.columnsAt(own.canonical);
  const [first] = columns;
  if (!first) {
    const text = `the identity path ${own.canonical} of ${abstract.label} has no column in its root table ${root.qualified}`;
    return failResource('ABSTRACT_COLUMN_MISSING', label, text, own.canonical, { table: root.qualified });
  }
  let column = first;
  if (columns.length > 1) {
    const names = columns.map(({ name }) => name);
    const ambiguous = () =>
      failResource(
        'ABSTRACT_COLUMN_AMBIGUOUS',
        label,
        `${own.canonical} feeds several columns that are not one stored column: ${names.join(', ')}`,
        own.canonical,
        { columns: names },
      );
    if (columns.some(({ kind }) => kind !== first.kind)) ambiguous();
    const storage = new Set(names.map((name) => resolveStorageOr(root, name, ambiguous)));
    if (storage.size > 1) ambiguous();
    column = root.columns.get([...storage][0] ?? '') as DraftColumn;
  }
  if (column.isNullable) {
    const text = `the column ${column.name} of ${own.canonical} may be NULL; an identity of ${abstract.label} must not`;
    failResource('ABSTRACT_COLUMN_NULLABLE', label, text, own.canonical, { column: column.name });
  }
  return column;
}

function resolveStorageOr(root: DraftTable, name: string, otherwise: () => never): string {
  try {
    return resolveStorage(root, name, 'all', 'identity of an abstract resource');
  } catch (error) {
    if (error instanceof DmsError) otherwise();
    throw error;
  }
}

function mergeColumns(
  abstract: ResourceEntry,
  path: JsonPath,
  mapped: readonly MappedColumn[],
): { kind: DraftColumn['kind']; type: ScalarType; target: QualifiedResourceName | null } {
  const first = mapped[0] as MappedColumn;
  const targetOf = ({ column }: MappedColumn) => (column.targetResource ? resourceLabel(column.targetResource) : '');
  const described = (entry: MappedColumn, type: ScalarType) => [entry.column.kind, targetOf(entry) || typeText(type)].join(' ');
  let type = first.column.scalarType;
  for (const entry of mapped) {
    const merged = mergeTypes(type, entry.column.scalarType);
    if (!merged || entry.column.kind !== first.column.kind || targetOf(entry) !== targetOf(first)) {
      const types = [described(first, type), described(entry, entry.column.scalarType)];
      const text = `the identity path ${path.canonical} of ${abstract.label} cannot be ${types.join(' and ')} at once`;
      return failResource('ABSTRACT_TYPE_CONFLICT', entry.member.label, text, path.canonical, {
        abstract: abstract.label,
        types,
      });
    }
    type = merged;
  }
  return { kind: first.column.kind, type, target: first.column.targetResource };
}

function addIdentityConstraints(table: DraftTable, identityColumns: readonly string[]): void {
  if (identityColumns.length > 0) {
    table.addConstraint({ kind: 'Unique', name: naturalKeyName(table.table.name), columns: [...identityColumns] });
    table.addConstraint({
      kind: 'Unique',
      name: referenceKeyName(table.table.name),
      columns: ['DocumentId', ...identityColumns],
    });
  }
  addDocumentForeignKey(table);
}

function deriveAbstract(
  entry: ResourceEntry,
  resourceKey: ResourceKeyEntry,
  members: readonly DraftResource[],
): DraftAbstractResource {
  const { label } = entry;
  if (members.length === 0)
    failResource(
      'ABSTRACT_NO_MEMBERS',
      label,
      'no resource of the set is a subclass of it; an abstract resource needs at least one',
    );
  const { identityJsonPaths, rootTableName } = readAbstractInput(entry);
  const baseName = rootTableName ?? pascalCase(entry.resourceName);
  if (baseName === '') failResource('NAME_EMPTY', label, 'the resource name has no letter or digit to name a table with', '$');
  const schema = entry.project.physicalSchema;
  const origin = { label, path: '$' };
  const table = new DraftTable({
    table: { schema, name: `${baseName}Identity` },
    scope: rootPath,
    origin: { ...origin, defaultName: `${pascalCase(entry.resourceName)}Identity` },
    collectionNames: [],
    keyColumns: [{ name: 'DocumentId', kind: 'ParentKeyPart' }],
  });
  const mappings = members.map(() => [] as { sourceColumn: string; targetColumn: string }[]);
  for (const path of identityJsonPaths) {
    const mapped = members.map((member) => ({ member, column: mappedColumn(entry, path, member) }));
    const { kind, type, target } = mergeColumns(entry, path, mapped);
    const name = pascalCaseAll(propertyNames(path.segments));
    if (name === '') {
      const text = `the identity path ${path.canonical} has no letter or digit to name a column with`;
      failResource('NAME_EMPTY', label, text, path.canonical);
    }
    table.addColumn({
      name,
      kind,
      scalarType: type,
      isNullable: false,
      sourcePath: path,
      targetResource: target,
      storage: { kind: 'Stored' },
      origin: { label, path: path.canonical, defaultName: name },
    });
    mapped.forEach(({ column }, index) => {
      mappings[index]?.push({ sourceColumn: column.name, targetColumn: name });
    });
  }
  const identityColumns = [...table.columns.keys()].slice(1);
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
  addIdentityConstraints(table, identityColumns);
  const abstractMembers = members.map((resource, index) => ({ resource, mappings: mappings[index] ?? [] }));
  const view = unionView(resourceKey, { schema, name: `${baseName}_View` }, table, abstractMembers);
  return { entry, resourceKey, baseName, identityJsonPaths, table, members: abstractMembers, view };
}

function unionView(
  resourceKey: ResourceKeyEntry,
  view: { schema: string; name: string },
  table: DraftTable,
  members: readonly AbstractMember[],
): AbstractUnionView {
  return {
    resourceKey,
    view,
    outputColumns: [...table.columns.values()].map(({ name, scalarType, sourcePath, targetResource }) => ({
      name,
      scalarType,
      sourcePath,
      targetResource,
    })),
    unionArms: members.map(({ resource, mappings }) => {
      const value = resource.label;
      if (value.length > discriminatorLength) {
        failResource(
          'ABSTRACT_DISCRIMINATOR_LENGTH',
          resource.label,
          `its discriminator has ${value.length} characters; at most ${discriminatorLength} fit`,
          undefined,
          { value },
        );
      }
      return {
        concreteMember: resource.resourceKey,
        fromTable: resource.root.table,
        projections: [
          { kind: 'SourceColumn' as const, column: 'DocumentId' },
          ...mappings.map(({ sourceColumn }) => ({ kind: 'SourceColumn' as const, column: sourceColumn })),
          { kind: 'StringLiteral' as const, value },
        ],
      };
    }),
  };
}

/**
 * Derives an identity table and a union view for every abstract resource from its concrete members (design 03 §9). Throws
 * the `ABSTRACT_*` codes.
 */
export function deriveAbstractResources(draft: SetDraft): void {
  const membersOf = new Map<string, DraftResource[]>();
  forEachReported(draft.resources.values(), (resource) => {
    if (!resource.input.isSubclass) return;
    const { label } = abstractSuperclass(draft, resource.entry, resource.input.superclass);
    membersOf.set(label, [...(membersOf.get(label) ?? []), resource]);
  });
  const keys = new Map(draft.set.info.resourceKeys.map((key) => [resourceLabel(key), key]));
  forEachReported(draft.entries.abstract, (entry) => {
    const members = (membersOf.get(entry.label) ?? []).sort(
      compareBy(
        (member) => member.entry.resourceName,
        (member) => member.entry.project.projectName,
      ),
    );
    draft.abstracts.set(entry.label, deriveAbstract(entry, keys.get(entry.label) as ResourceKeyEntry, members));
  });
}
