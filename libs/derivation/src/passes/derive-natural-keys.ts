import type { JsonPath } from '@dms/api-schema';
import { mustExist } from '@dms/model';
import type { DraftRules } from '../draft/draft-rules.ts';
import type { DraftColumn } from '../draft/draft-table.ts';
import {
  type DraftIdentityElement,
  type DraftResource,
  type ModelDraft,
  relationalResources,
} from '../draft/model-draft.ts';
import { failResource } from '../input/resource-entry.ts';

/** A value of the identity, and the column of the natural key that stands for it. */
interface IdentityPlace {
  readonly element: DraftIdentityElement;
  readonly keyColumn: DraftColumn;
}

function identityPlace(resource: DraftResource, rules: DraftRules, path: JsonPath): IdentityPlace {
  const { label, root } = resource;
  const { canonical } = path;
  if (path.segments.some((segment) => segment.kind === 'anyElement')) {
    failResource(
      'IDENTITY_PATH_IN_ARRAY',
      label,
      `the identity path ${canonical} lies in an array; an identity has one value per document`,
      canonical,
    );
  }
  const bindings = resource.bindingsByReferencePath.get(canonical) ?? [];
  const [binding] = bindings;
  if (bindings.length > 1) {
    const keys = bindings.map(({ mappingKey }) => mappingKey).sort();
    failResource(
      'IDENTITY_PATH_AMBIGUOUS',
      label,
      `the identity path ${canonical} is bound by several references: ${keys.join(', ')}`,
      canonical,
      { references: keys },
    );
  }
  if (binding) {
    if (binding.table !== root)
      failResource(
        'IDENTITY_NOT_ON_ROOT',
        label,
        `the identity path ${canonical} belongs to a reference outside the root table`,
        canonical,
      );
    const part = mustExist(rules.identityPart(binding, canonical), `the part of ${label} ${canonical}`);
    return { element: { path, column: part.column }, keyColumn: binding.fkColumn };
  }
  const columns = root.columnsAt(canonical);
  const [column] = columns;
  if (!column)
    return failResource(
      'IDENTITY_NOT_ON_ROOT',
      label,
      `the identity path ${canonical} has no column in the root table`,
      canonical,
    );
  if (columns.some(({ kind }) => kind !== column.kind)) {
    const kinds = columns.map(({ name, kind }) => `${name} (${kind})`).join(', ');
    failResource('SOURCE_PATH_KINDS', label, `${canonical} feeds columns of different kinds: ${kinds}`, canonical);
  }
  return { element: { path, column }, keyColumn: column };
}

/**
 * Finds the root column of each identity path (design 05 §4.1), and adds `UX_{Root}_NK` over the identity in path
 * order. In this key, the FK column of a reference stands for all its parts, once (design 02 §9.1). Aliases are used
 * under their own names.
 */
export function deriveNaturalKeys(draft: ModelDraft): void {
  for (const resource of relationalResources(draft)) {
    const found = resource.input.identityJsonPaths.flatMap(
      (path) => draft.diagnostics.attempt(() => identityPlace(resource, draft.rules, path)) ?? [],
    );
    resource.identity = found.map(({ element }) => element);
    const columns = [...new Set(found.map(({ keyColumn }) => keyColumn))];
    if (columns.length === 0) continue;
    resource.naturalKey = columns;
    resource.root.addConstraint({ kind: 'Unique', purpose: 'NaturalKey', columns });
  }
}
