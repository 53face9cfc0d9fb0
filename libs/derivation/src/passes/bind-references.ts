import { arrayDepth, isExtensionScoped, type JsonPath, propertyNames, resourceLabel } from '@dms/api-schema';
import { alternatives, type DiagnosticCollector, listOfNames } from '@dms/diagnostics';
import { isReferenceRoleNamed, mustExist, pascalCase, pascalCaseAll, type ScalarType } from '@dms/model';
import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import {
  type DescriptorPaths,
  type DraftIdentityBinding,
  type DraftResource,
  descriptorPathsOf,
  type ModelDraft,
  relationalResources,
} from '../draft/model-draft.ts';
import type { ReferencePath } from '../input/document-paths.ts';
import type { ReferenceMapping } from '../input/reference-mapping.ts';
import { failResource, type ResourceEntry } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import { deriveScalarType, int64Type } from '../input/scalar-type.ts';
import { descriptorColumn, documentFkColumn } from '../naming/constraint-name.ts';

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

/**
 * The name of a column that repeats a part of the target's identity, without the name of the reference (design 02
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

/** A reference of a resource, or of an extension of it, with its target. */
interface ReferenceContext {
  readonly resource: DraftResource;
  readonly input: ResourceInput;
  readonly reference: ReferenceMapping;
  readonly target: ResourceEntry;
  /** The descriptors of the target. */
  readonly descriptors: DescriptorPaths;
}

/** What all columns of a reference have in common. */
interface ReferenceColumns {
  readonly table: DraftTable;
  /** The beginning of their names, and the same without overrides. */
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
  // a part with an error would be missed in every key that contains the reference
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

/**
 * Binds the document references of a resource and its extensions: an FK column and a column per identity path of the
 * target, all nullable unless the mapping is required (design 02 §8).
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
