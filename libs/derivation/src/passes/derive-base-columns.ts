import { alternatives } from '@dms/diagnostics';
import { singularize } from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import { type DraftResource, descriptorPathsOf, type ModelDraft } from '../draft/model-draft.ts';
import { type ArrayNode, isRefused, type ObjectNode } from '../input/insert-schema.ts';
import { resourceDiagnostic } from '../input/resource-entry.ts';
import { addValueColumn, type ValueColumnContext } from './value-column.ts';

/** Reports descriptor paths of a context that the walk did not find (design 02 §7.2). */
export function checkDescriptorPathsMet({ input, descriptorPaths, met, faults }: ValueColumnContext): void {
  const [first, ...others] = [...descriptorPaths.keys()]
    .filter((path) => !met.has(path) && !isRefused(input.insertSchema, path))
    .sort();
  if (first === undefined) return;
  const near = others.length === 0 ? alternatives(first, input.insertSchema.nodes.keys()) : '';
  const text = `descriptor paths that jsonSchemaForInsert does not have: ${[first, ...others].join(', ')}${near}`;
  const details = { paths: [first, ...others] };
  faults.add([resourceDiagnostic('DESCRIPTOR_PATH_NOT_IN_SCHEMA', input.label, text, first, details)]);
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
    faults: draft.faults,
    decimals: { onFallback: (reason, path) => resource.decimalPrecisionFallbacks.push({ sourcePath: path, reason }) },
    checksIdentity: true,
  };

  const visitItems = ({ items }: ArrayNode, name: string): void => {
    const [child] = resource.tablesAt(items.path);
    // the array has no table if its name has a mistake
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
