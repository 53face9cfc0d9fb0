import { append, forEachReported } from '@dms/diagnostics';
import { type FullNames, Identities, qualified, type RelationalModelSet } from '@dms/model';
import type { AuthEdOrgHierarchy } from './hierarchy.ts';
import { RootColumns } from './root-columns.ts';
import {
  type NamedTrigger,
  type TriggerContext,
  type TriggerKind,
  type TriggerRules,
  triggerKinds,
} from './trigger-kinds.ts';

/** The triggers of all kinds that every generation has (design 05 §3–§5). */
export function deriveTriggers(
  model: RelationalModelSet,
  names: FullNames,
  rules: TriggerRules,
  hierarchy: AuthEdOrgHierarchy | null,
): NamedTrigger[] {
  const projections = new Map(
    model.abstractIdentityTables.map(({ table: { table, columns } }): [string, readonly string[]] => [
      qualified(table),
      columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name),
    ]),
  );
  const identities = new Identities(model);
  const projectionOf: TriggerContext['projectionOf'] = (table) => projections.get(qualified(table)) ?? [];
  const context: TriggerContext = { model, names, rules, hierarchy, identities, projectionOf };
  const kinds: readonly TriggerKind[] = Object.values(triggerKinds);
  const ofResources: NamedTrigger[] = [];
  forEachReported(model.resources, (resource) => {
    if (resource.storageKind === 'SharedDescriptorTable') return;
    const source = new RootColumns(resource, names);
    projections.set(qualified(source.root.table), source.projection);
    for (const kind of kinds) append(ofResources, kind.ofResource?.(source, context) ?? []);
  });
  return [...ofResources, ...kinds.flatMap((kind) => kind.ofModel?.(context) ?? [])];
}
