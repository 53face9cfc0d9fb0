import type { JsonPath } from '@dms/api-schema';
import type { Faults } from '@dms/diagnostics';
import {
  type DecimalPrecisionFallback,
  isDescriptorRoleNamed,
  pascalCaseAll,
  type QualifiedResourceName,
  type ScalarType,
} from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import type { DraftResource } from '../draft/model-draft.ts';
import type { OverrideLookup } from '../draft/override-lookup.ts';
import type { ScalarNode } from '../input/insert-schema.ts';
import { failResource, resourceDiagnostic } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import { int64Type, scalarTypeOf, stringType } from '../input/scalar-type.ts';
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
  readonly faults: Faults;
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
  context.faults.attempt(() => addColumn(context, table, node, segments, isNullable));
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
    context.faults.add([resourceDiagnostic('IDENTITY_NULLABLE', input.label, text, path.canonical)]);
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
    scalarType: descriptor ? int64Type : (context.faults.attempt(() => scalarType(context, node)) ?? unknownType),
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
  return scalarTypeOf(input.label, node, input.decimalInfos, policy);
}
