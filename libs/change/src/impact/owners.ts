import { resourceLabel } from '@dms/api-schema';
import type { Inventory } from '@dms/inventory';
import { authSchema, qualified, type RelationalModelSet } from '@dms/model';
import type { Difference } from '../drift/difference.ts';
import type { TriggersOfSet } from './trigger-facts.ts';

/** The owner that a change is reported for. */
export interface Owner {
  /** `Project:Resource`, the name of a project, `(core)` or `(auth)`. */
  readonly label: string;
  readonly project: string;
}

const coreOwner: Owner = { label: '(core)', project: '(core)' };
const authOwner: Owner = { label: '(auth)', project: '(auth)' };

/** The owners of the objects of a schema set. */
export interface OwnersOfSet {
  /** Tables and views by `schema.name`. */
  readonly relations: ReadonlyMap<string, Owner>;
  readonly schemas: ReadonlyMap<string, Owner>;
  readonly functions: TriggersOfSet['functions'];
}

interface Named {
  readonly projectName: string;
  readonly resourceName: string;
}

const ownerOf = (resource: Named): Owner => ({ label: resourceLabel(resource), project: resource.projectName });

/**
 * The owner of a table is the resource whose model lists it; for an extension table, with the project of the extension. An
 * identity table and a union view belong to their abstract resource, a table of tracked changes to the owner of the table that
 * it tracks (design 09 §4.4).
 */
export function ownersOfSet(
  model: RelationalModelSet,
  { trackedChangeTables }: Inventory,
  { functions }: TriggersOfSet,
): OwnersOfSet {
  const projects = new Map(model.projects.map(({ physicalSchema, projectName }) => [physicalSchema as string, projectName]));
  const relations = new Map<string, Owner>();
  for (const { resourceKey, physicalSchema, tablesInDependencyOrder } of model.resources) {
    for (const { table } of tablesInDependencyOrder) {
      const extension = table.schema === physicalSchema ? undefined : projects.get(table.schema);
      relations.set(qualified(table), ownerOf({ ...resourceKey, projectName: extension ?? resourceKey.projectName }));
    }
  }
  for (const { resourceKey, table } of model.abstractIdentityTables)
    relations.set(qualified(table.table), ownerOf(resourceKey));
  for (const { resourceKey, view } of model.abstractUnionViews) relations.set(qualified(view), ownerOf(resourceKey));
  const schemas = new Map([...projects].map(([schema, project]) => [schema, { label: project, project }]));
  for (const { table, sourceTable } of trackedChangeTables) {
    const owner = relations.get(qualified(sourceTable));
    if (!owner) continue;
    relations.set(qualified(table), owner);
    schemas.set(table.schema, { label: owner.project, project: owner.project });
  }
  return { relations, schemas, functions };
}

const nameOf = (path: string) => path.replace(/\(.*\)$/s, '');

function ownerIn(owners: OwnersOfSet, { object, path: [place = ''] }: Difference): Owner | undefined {
  if (object === 'schema') return owners.schemas.get(place);
  if (object === 'function') return owners.relations.get(owners.functions.get(nameOf(place))?.table ?? '');
  return owners.relations.get(place);
}

/** The owner of a changed object after the change; for a removed object, before it. */
export function ownerOfDifference(difference: Difference, before: OwnersOfSet, after: OwnersOfSet): Owner {
  const owner = ownerIn(after, difference) ?? ownerIn(before, difference);
  if (owner) return owner;
  const [place = ''] = difference.path;
  return place === authSchema || place.startsWith(`${authSchema}.`) ? authOwner : coreOwner;
}
