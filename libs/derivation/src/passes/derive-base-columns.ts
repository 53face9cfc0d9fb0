import type { JsonPath } from '@dms/api-schema';
import { alternatives, type DiagnosticCollector } from '@dms/diagnostics';
import {
  type DecimalPrecisionFallback,
  isDescriptorRoleNamed,
  pascalCaseAll,
  type QualifiedResourceName,
  type ScalarType,
  singularize,
} from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import { type ArrayNode, isRefused, type ObjectNode, type ScalarNode } from '../input/insert-schema.ts';
import type { OverrideLookup } from '../input/name-overrides.ts';
import { failResource, resourceDiagnostic } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import { deriveScalarType, int64Type, stringType } from '../input/scalar-type.ts';
import { descriptorColumn } from '../naming/constraint-name.ts';

/** The context of a walk over an insert schema that adds columns. */
export interface ValueColumnContext {
  /** The resource whose tables get the columns; for an extension its base. */
  readonly resource: DraftResource;
  /** The schema of the walk: of the resource or of an extension. */
  readonly input: ResourceInput;
  readonly descriptorPaths: ReadonlyMap<string, QualifiedResourceName>;
  readonly overrides: OverrideLookup;
  /** Descriptor paths that the walk has found. */
  readonly met: Set<string>;
  readonly diagnostics: DiagnosticCollector;
  readonly decimals:
    | 'required'
    | { readonly onFallback: (reason: DecimalPrecisionFallback['reason'], path: JsonPath) => void };
  readonly checksIdentity: boolean;
}

/** The type of a column whose schema gives none, which was reported. */
const unknownType = stringType(1);

/**
 * Adds the column of one scalar (design 02 §7.2): none for a part of a reference, `{base}_DescriptorId` for a
 * descriptor, else `{base}`; `segments` are the names from the table's scope to the value. Codes: `IDENTITY_NULLABLE`,
 * `NAME_EMPTY`, `COLUMN_NAME_COLLISION` and those of scalar types.
 */
export function addValueColumn(
  context: ValueColumnContext,
  table: DraftTable,
  node: ScalarNode,
  segments: readonly string[],
  isNullable: boolean,
): void {
  context.diagnostics.attempt(() => addColumn(context, table, node, segments, isNullable));
}

function addColumn(
  context: ValueColumnContext,
  table: DraftTable,
  node: ScalarNode,
  segments: readonly string[],
  isNullable: boolean,
): void {
  const { input } = context;
  const { path } = node;
  const descriptor = context.descriptorPaths.get(path.canonical);
  if (descriptor) context.met.add(path.canonical);
  if (input.referencePaths.has(path.canonical)) return;
  if (context.checksIdentity && isNullable && input.identity.has(path.canonical)) {
    const text = `the identity path ${path.canonical} may be absent; it and the objects around it must be required`;
    context.diagnostics.add([resourceDiagnostic('IDENTITY_NULLABLE', input.label, text, path.canonical)]);
  }
  const defaultName = pascalCaseAll(segments);
  const baseName = context.overrides.find('column', path) ?? defaultName;
  if (baseName === '')
    failResource(
      'NAME_EMPTY',
      input.label,
      `${path.canonical} gives an empty column name; add an override`,
      path.canonical,
    );
  const columnName = (base: string) => (descriptor ? descriptorColumn(base) : base);
  const column = table.addColumn({
    name: columnName(baseName),
    kind: descriptor ? 'DescriptorFk' : 'Scalar',
    scalarType: descriptor ? int64Type : (context.diagnostics.attempt(() => scalarType(context, node)) ?? unknownType),
    isNullable,
    sourcePath: path,
    targetResource: descriptor ?? null,
    storage: { kind: 'Stored' },
    origin: { defaultName: columnName(defaultName), label: input.label, path: path.canonical },
  });
  if (!descriptor) return;
  context.resource.edgeSources.push({
    isIdentityComponent: input.identity.has(path.canonical),
    isRequired: !isNullable,
    isRoleNamed: isDescriptorRoleNamed(path, descriptor.resourceName),
    descriptorValuePath: path,
    table,
    fkColumn: column,
    descriptorResource: descriptor,
  });
}

function scalarType({ input, decimals }: ValueColumnContext, node: ScalarNode): ScalarType {
  const policy =
    decimals === 'required'
      ? decimals
      : { onFallback: (reason: DecimalPrecisionFallback['reason']) => decimals.onFallback(reason, node.path) };
  return deriveScalarType(input.label, node, input.decimalInfos, policy);
}

/** Reports descriptor paths of a context that the walk did not find (design 02 §7.2). */
export function checkDescriptorPathsMet({ input, descriptorPaths, met, diagnostics }: ValueColumnContext): void {
  const [first, ...others] = [...descriptorPaths.keys()]
    .filter((path) => !met.has(path) && !isRefused(input.insertSchema, path))
    .sort();
  if (first === undefined) return;
  const near = others.length === 0 ? alternatives(first, input.insertSchema.nodes.keys()) : '';
  const text = `descriptor paths that jsonSchemaForInsert does not have: ${[first, ...others].join(', ')}${near}`;
  const details = { paths: [first, ...others] };
  diagnostics.add([resourceDiagnostic('DESCRIPTOR_PATH_NOT_IN_SCHEMA', input.label, text, first, details)]);
}

/**
 * Adds a column for every scalar outside `_ext` that is not part of a reference (design 02 §7). Objects are inlined,
 * with their name as a prefix. Optionality passes through objects, but not through arrays.
 */
export function deriveBaseColumns(draft: ModelDraft, resource: DraftResource): void {
  const { input } = resource;
  const context: ValueColumnContext = {
    resource,
    input,
    descriptorPaths: descriptorPathsOf(draft, resource.entry).base,
    overrides: resource.overridesFor(input),
    met: new Set(),
    diagnostics: draft.diagnostics,
    decimals: { onFallback: (reason, path) => resource.decimalPrecisionFallbacks.push({ sourcePath: path, reason }) },
    checksIdentity: true,
  };

  const visitItems = ({ items }: ArrayNode, name: string): void => {
    const [child] = resource.tablesAt(items.path);
    // the array has no table if its name has an error
    if (!child) return;
    if (items.kind === 'object') visit(items, child, [], false);
    else addValueColumn(context, child, items, [singularize(name)], items.isNullable);
  };

  const visit = (object: ObjectNode, table: DraftTable, prefix: readonly string[], optional: boolean): void => {
    for (const [name, { node, isRequired }] of object.properties) {
      if (name === '_ext') continue;
      if (name === 'link' && input.referenceObjectPaths.has(object.path.canonical)) continue;
      const nullable = node.isNullable || optional || !isRequired;
      if (node.kind === 'object') visit(node, table, [...prefix, name], nullable);
      else if (node.kind === 'scalar') addValueColumn(context, table, node, [...prefix, name], nullable);
      else visitItems(node, name);
    }
  };

  visit(input.insertSchema.root, resource.root, [], false);
  checkDescriptorPathsMet(context);
}
