import { arrayDepth, isExtensionScoped, type JsonPath, propertyNames, resourceLabel } from '@dms/api-schema';
import { alternatives, type DiagnosticCollector, listOfNames } from '@dms/diagnostics';
import { isReferenceRoleNamed, mustExist, pascalCase, pascalCaseAll, type ScalarType } from '@dms/model';
import { isInteger } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import {
  type DescriptorPaths,
  type DraftBinding,
  type DraftIdentityBinding,
  type DraftResource,
  descriptorPathsOf,
  type ModelDraft,
  relationalResources,
} from '../draft/model-draft.ts';
import type { ReferenceMapping, ReferencePath } from '../input/document-paths.ts';
import { failResource, type ResourceEntry } from '../input/resource-entry.ts';
import { type ResourceInput, superclassOf } from '../input/resource-input.ts';
import { deriveScalarType, int64Type, typeText } from '../input/scalar-type.ts';
import { descriptorColumn, documentFkColumn } from '../naming/constraint-name.ts';
import { mergeTypes } from './derive-abstract-resources.ts';

/**
 * Binds the document references of a resource and its extensions: an FK column and a column per identity path of the
 * target, all nullable unless the reference is required (design 02 §8).
 */
export function bindReferences(draft: ModelDraft): void {
  const work = [...relationalResources(draft).map((base) => ({ input: base.input, base })), ...draft.extensions];
  for (const { input, base } of work) {
    draft.diagnostics.forEach(input.references, (reference) => {
      const path = reference.referenceObjectPath.canonical;
      if (base.bindsObject(reference.referenceObjectPath)) {
        failResource('REFERENCE_OBJECT_DUPLICATE', input.label, `two references bind the object ${path}`, path, {
          objectPath: path,
        });
      }
      const target = draft.entries.known.get(resourceLabel(reference.target)) as ResourceEntry;
      const descriptors = descriptorPathsOf(draft, target);
      bindReference({ resource: base, input, reference, target, descriptors }, draft.diagnostics);
    });
  }
}

/** A reference of a resource, or of an extension of it, with its target. */
interface ReferenceContext {
  readonly resource: DraftResource;
  readonly input: ResourceInput;
  readonly reference: ReferenceMapping;
  readonly target: ResourceEntry;
  /** The descriptors of the target. */
  readonly descriptors: DescriptorPaths;
}

function bindReference(context: ReferenceContext, diagnostics: DiagnosticCollector): void {
  const { resource, input, reference, target } = context;
  const columns = referenceColumns(context);
  const fkColumn = addFkColumn(context, columns);
  const parts = partNames(input, reference);
  const bound = (pair: ReferencePath): DraftIdentityBinding => {
    const { identityJsonPath, referenceJsonPath } = pair;
    const name = mustExist(parts.get(pair), `the name of ${referenceJsonPath.canonical}`);
    return { identityJsonPath, referenceJsonPath, column: addPartColumn(context, columns, pair, name) };
  };
  const identityBindings = reference.paths.flatMap((pair) => diagnostics.attempt(() => bound(pair)) ?? []);
  // every key that contains the reference would lack a part with an error
  if (identityBindings.length < reference.paths.length) return;

  resource.addBinding({
    mappingKey: reference.key,
    isIdentityComponent: reference.isIdentityComponent,
    isRequired: reference.isRequired,
    isRoleNamed: columns.isRoleNamed,
    referenceObjectPath: reference.referenceObjectPath,
    table: columns.table,
    fkColumn,
    targetResource: reference.target,
    target,
    identityBindings,
    label: input.label,
  });
}

/** The common properties of all columns of a reference. */
interface ReferenceColumns {
  readonly table: DraftTable;
  /** The prefix of the column names, with and without overrides. */
  readonly baseName: string;
  readonly defaultBase: string;
  readonly isNullable: boolean;
  readonly isRoleNamed: boolean;
}

function referenceColumns({ resource, input, reference }: ReferenceContext): ReferenceColumns {
  const table = owningTable(resource, input, reference);
  const { key, isRequired, target, referenceObjectPath } = reference;
  const defaultBase = pascalCase(key);
  const baseName = resource.overridesFor(input).find('column', referenceObjectPath) ?? defaultBase;
  const text = `the mapping key "${key}" gives an empty name; add an override`;
  if (baseName === '') failResource('NAME_EMPTY', input.label, text, key);
  const isRoleNamed = isReferenceRoleNamed(referenceObjectPath, target.resourceName);
  return { table, baseName, defaultBase, isNullable: !isRequired, isRoleNamed };
}

function owningTable(resource: DraftResource, input: ResourceInput, reference: ReferenceMapping): DraftTable {
  const { referenceObjectPath } = reference;
  const nearest = resource.owningTable(referenceObjectPath);
  // a row of the nearest table would have to hold the references of many items
  const isBelowArray = nearest && arrayDepth(referenceObjectPath) > arrayDepth(nearest.scope);
  const owner = isBelowArray ? undefined : nearest;
  const isExtensionPath = isExtensionScoped(referenceObjectPath);
  if (owner && isExtensionScoped(owner.scope) === isExtensionPath) return owner;
  const scopes = resource.tables.map((table) => table.scope.canonical).sort();
  const where = `the reference object ${referenceObjectPath.canonical}`;
  const text = isExtensionPath
    ? `${where} lies under _ext, but no extension table holds it; scopes: ${listOfNames(scopes)}`
    : `${where} lies in no table; scopes: ${listOfNames(scopes)}`;
  const code = isExtensionPath ? 'REFERENCE_EXTENSION_SCOPE_MISSING' : 'REFERENCE_SCOPE_NOT_FOUND';
  return failResource(code, input.label, text, referenceObjectPath.canonical, { scopes });
}

function addFkColumn(
  { input, reference: { referenceObjectPath, target } }: ReferenceContext,
  { table, baseName, defaultBase, isNullable }: ReferenceColumns,
): DraftColumn {
  return table.addColumn({
    name: documentFkColumn(baseName),
    kind: 'DocumentFk',
    scalarType: int64Type,
    isNullable,
    sourcePath: referenceObjectPath,
    targetResource: target,
    storage: { kind: 'Stored' },
    origin: {
      defaultName: documentFkColumn(defaultBase),
      label: input.label,
      path: referenceObjectPath.canonical,
    },
  });
}

/**
 * The names of the columns that repeat the parts of the target's identity, without the name of the reference (design 02
 * §8.3).
 */
function partNames(input: ResourceInput, reference: ReferenceMapping): Map<ReferencePath, string> {
  const depth = reference.referenceObjectPath.segments.length;
  const fields = reference.paths.map((pair) => {
    return [pair, pascalCaseAll(propertyNames(pair.referenceJsonPath.segments.slice(depth)))] as const;
  });
  const names = new Map<ReferencePath, string>();
  for (const [pair, field] of fields) {
    const isShared = fields.filter(([, other]) => other === field).length > 1;
    if (isShared && pair.identityJsonPath.segments.some((segment) => segment.kind === 'anyElement')) {
      failResource(
        'IDENTITY_PATH_IN_ARRAY',
        input.label,
        `the reference ${reference.key} names the identity path ${pair.identityJsonPath.canonical}, which lies in an array`,
        pair.identityJsonPath.canonical,
        {
          mappingKey: reference.key,
          target: resourceLabel(reference.target),
          identityJsonPath: pair.identityJsonPath.canonical,
        },
      );
    }
    names.set(pair, isShared ? pascalCaseAll(propertyNames(pair.identityJsonPath.segments)) : field);
  }
  return names;
}

/** Adds the column that repeats a part of the identity of the target; `defaultPart` names it without an override. */
function addPartColumn(
  context: ReferenceContext,
  { table, baseName, defaultBase, isNullable, isRoleNamed }: ReferenceColumns,
  { identityJsonPath, referenceJsonPath }: ReferencePath,
  defaultPart: string,
): DraftColumn {
  const { resource, input, reference, target, descriptors } = context;
  const part = resource.overridesFor(input).find('column', referenceJsonPath) ?? defaultPart;
  const descriptor =
    descriptors.base.get(identityJsonPath.canonical) ?? descriptors.extension.get(identityJsonPath.canonical);
  const named = (base: string, of: string) => (descriptor ? descriptorColumn(`${base}_${of}`) : `${base}_${of}`);
  const common = {
    name: named(baseName, part),
    isNullable,
    sourcePath: referenceJsonPath,
    storage: { kind: 'Stored' },
    origin: { defaultName: named(defaultBase, defaultPart), label: input.label, path: referenceJsonPath.canonical },
  } as const;
  if (descriptor) {
    const facts = { kind: 'DescriptorFk', scalarType: int64Type, targetResource: descriptor } as const;
    const column = table.addColumn({ ...common, ...facts });
    resource.edgeSources.push({
      isIdentityComponent: input.identity.has(referenceJsonPath.canonical),
      isRequired: reference.isRequired,
      isRoleNamed,
      descriptorValuePath: referenceJsonPath,
      table,
      fkColumn: column,
      descriptorResource: descriptor,
    });
    return column;
  }
  if (propertyNames(identityJsonPath.segments).at(-1)?.endsWith('Descriptor')) {
    const text = `the identity path ${identityJsonPath.canonical} of ${target.label} ends in "Descriptor" but is not a known descriptor there`;
    failResource('DESCRIPTOR_IDENTITY_UNRESOLVED', input.label, text, identityJsonPath.canonical, {
      identityJsonPath: identityJsonPath.canonical,
      target: target.label,
    });
  }
  const scalarType = partType(resource, input, referenceJsonPath);
  return table.addColumn({ ...common, kind: 'Scalar', scalarType, targetResource: null });
}

function partType(resource: DraftResource, input: ResourceInput, path: JsonPath): ScalarType {
  const node = input.insertSchema.nodes.get(path.canonical);
  if (!node)
    return failResource(
      'REFERENCE_PATH_NOT_IN_SCHEMA',
      input.label,
      `jsonSchemaForInsert has no ${path.canonical}${alternatives(path.canonical, input.insertSchema.nodes.keys())}`,
      path.canonical,
    );
  if (node.kind !== 'scalar') {
    return failResource(
      'REFERENCE_PATH_NOT_SCALAR',
      input.label,
      `${path.canonical} is not a scalar of jsonSchemaForInsert`,
      path.canonical,
    );
  }
  const policy = {
    onFallback: (reason: 'missing' | 'incomplete') =>
      resource.decimalPrecisionFallbacks.push({ sourcePath: path, reason }),
  };
  return deriveScalarType(input.label, node, input.decimalInfos, policy);
}

/**
 * Compares the parts of references with the columns that they repeat (design 02 §8.3). An integer gets the width of the
 * target column, and a decimal its digits: an extension may declare `int64` where the core has a plain integer, only
 * the target declares the digits of a decimal, and SQL Server refuses a foreign key between different types (invariant
 * 12 of §18). Any other difference in kind is `REFERENCE_TYPE_MISMATCH`.
 */
export function alignReferenceTypes(draft: ModelDraft): void {
  const types = new IdentityTypes(draft);
  for (const { bindings } of draft.resources.values()) {
    for (const binding of bindings)
      draft.diagnostics.forEach(binding.identityBindings, (part) => alignPart(types, binding, part));
  }
}

/** Finds the type with which a resource stores a path of its identity, over any number of references. */
class IdentityTypes {
  private readonly known = new Map<string, ScalarType | undefined>();
  private readonly membersOf: ReadonlyMap<string | undefined, readonly DraftResource[]>;
  private readonly bindingByPath = new Map<DraftResource, ReadonlyMap<string, readonly [DraftBinding, JsonPath]>>();
  private readonly draft: ModelDraft;

  constructor(draft: ModelDraft) {
    this.draft = draft;
    this.membersOf = groupBy(draft.resources.values(), ({ input }) => {
      const superclass = superclassOf(input);
      return superclass && resourceLabel(superclass);
    });
  }

  /** Undefined if the path is not a scalar, or its resource has an error: another pass reports that. */
  at(label: string, path: JsonPath): ScalarType | undefined {
    const key = `${label}\n${path.canonical}`;
    if (!this.known.has(key)) {
      this.known.set(key, undefined);
      this.known.set(key, this.find(label, path));
    }
    return this.known.get(key);
  }

  private find(label: string, path: JsonPath): ScalarType | undefined {
    const resource = this.draft.resources.get(label);
    if (!resource) {
      const types = (this.membersOf.get(label) ?? []).map((member) =>
        this.at(member.label, this.memberPath(member, path)),
      );
      return types.length === 0
        ? undefined
        : types.reduce((merged, type) => merged && type && mergeTypes(merged, type));
    }
    const bound = this.bindings(resource).get(path.canonical);
    if (bound) return this.at(bound[0].target.label, bound[1]);
    const [column] = resource.root.columnsAt(path.canonical);
    return column?.kind === 'Scalar' ? column.scalarType : undefined;
  }

  private memberPath(member: DraftResource, path: JsonPath): JsonPath {
    return (member.input.superclassIdentityJsonPath && member.input.identityJsonPaths[0]) || path;
  }

  private bindings(resource: DraftResource): ReadonlyMap<string, readonly [DraftBinding, JsonPath]> {
    let found = this.bindingByPath.get(resource);
    if (!found) {
      found = new Map(
        resource.bindings
          .filter(({ table }) => table === resource.root)
          .flatMap((binding) =>
            binding.identityBindings.map(
              ({ referenceJsonPath, identityJsonPath }) =>
                [referenceJsonPath.canonical, [binding, identityJsonPath] as const] as const,
            ),
          ),
      );
      this.bindingByPath.set(resource, found);
    }
    return found;
  }
}

function alignPart(types: IdentityTypes, binding: DraftBinding, part: DraftIdentityBinding): void {
  const { column } = part;
  const type = column.kind === 'Scalar' ? types.at(binding.target.label, part.identityJsonPath) : undefined;
  if (type === undefined) return;
  const isDecimal = column.scalarType.kind === 'Decimal' && type.kind === 'Decimal';
  if (isDecimal || (isInteger(column.scalarType.kind) && isInteger(type.kind))) column.scalarType = type;
  else if (column.scalarType.kind !== type.kind) refuseType(binding, part, type);
}

/** The diagnostic for a part of a reference that cannot be compared with the target column that it repeats. */
function refuseType(
  { label, mappingKey, target }: DraftBinding,
  part: DraftIdentityBinding,
  targetType: ScalarType,
): never {
  const path = part.referenceJsonPath.canonical;
  const own = typeText(part.column.scalarType);
  const wanted = typeText(targetType);
  const text = `the part ${path} of the reference ${mappingKey} has the type ${own}, but ${target.label} stores ${part.identityJsonPath.canonical} as ${wanted}; give both the same type`;
  return failResource('REFERENCE_TYPE_MISMATCH', label, text, path, {
    mappingKey,
    target: target.label,
    identityJsonPath: part.identityJsonPath.canonical,
    types: [own, wanted],
  });
}
