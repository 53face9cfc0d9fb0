import * as builder from '../schema-builder.ts';
import { addEqualities } from './render-equalities.ts';
import { addMembers } from './render-members.ts';
import { schemaMembers } from './render-resource.ts';
import { addUniqueness, uniquePaths } from './render-uniqueness.ts';
import { type ObjectDraft, SchemaDraft } from './schema-drafts.ts';
import { chosen, type SchemaSetDraft } from './schema-set-draft.ts';
import type { ExtensionPlan } from './schema-set-plan.ts';

export function addExtension(set: SchemaSetDraft, plan: ExtensionPlan): void {
  const project = chosen(set.projects.slice(1), plan.project);
  const base = chosen(
    set.resources.filter((prepared) => prepared.project === set.core),
    plan.base,
  );
  if (!project || !base) return;
  const { resource } = base.schema;
  if (project.resources.some(({ schema }) => schema.resourceName === resource.name)) return;
  const key = [project.endpoint, project.name, project.endpoint.toUpperCase()][plan.keyStyle] as string;
  const schema = new SchemaDraft(resource);
  const context = { project: project.name, isExtension: true };
  const own = schema.root.addScope('_ext').addScope(key);
  const unique = addMembers(set, schema, own, plan.members, { ...context, depth: 1, steps: [] });
  const extended = new Set<ObjectDraft>();
  for (const aligned of plan.aligned) {
    const site = chosen(resource.collections, aligned.collection);
    if (!site || extended.has(site.item)) continue;
    extended.add(site.item);
    const isDirect = aligned.isDirect || site.depth > 0;
    const start = isDirect ? schema.root : own;
    const item = mirror(start, site.steps);
    const place = item.addScope('_ext').addScope(key);
    unique.push(
      ...addMembers(set, schema, place, aligned.members, { ...context, depth: 2, steps: [], cannotRename: isDirect }),
    );
    const inherited = uniquePaths(resource, site.item.scope, 2);
    if (aligned.constrainsBase && inherited.length > 0) {
      const paths = inherited.map((path) => `$._ext.${key}${path.slice(1)}`);
      unique.push({ scope: `$._ext.${key}${site.item.scope.slice(1)}`, paths, isBare: false, nested: [] });
    }
  }
  addUniqueness(schema, unique);
  addEqualities(set, schema, plan.equalities, `$._ext.${key}`);
  const overrides = Object.fromEntries(
    Object.entries(schema.overrides).map(([path, name]) => [
      plan.hasFullOverrideKeys ? path : path.replace(`$._ext.${key}`, '$'),
      name,
    ]),
  );
  const relational = {
    ...(plan.hasRootOverride ? { rootTableNameOverride: `${resource.name}Extension` } : {}),
    ...(Object.keys(overrides).length > 0 ? { nameOverrides: overrides } : {}),
  };
  project.resources.push(
    builder.extensionOf(resource.name, {
      ...schemaMembers(schema),
      ...(Object.keys(relational).length > 0 ? { relational } : {}),
    }),
  );
}

/** The item at `steps` below `start`, created if missing. */
function mirror(start: ObjectDraft, steps: readonly string[]): ObjectDraft {
  let place = start;
  for (const step of steps) {
    const isArray = step.startsWith('col');
    place = place.child(step) ?? (isArray ? place.addArray(step, false) : place.addObject(step, false));
  }
  return place;
}
