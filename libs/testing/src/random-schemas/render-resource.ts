import type { JsonRecord } from '../schema-builder.ts';
import * as builder from '../schema-builder.ts';
import { addEqualities } from './render-equalities.ts';
import { addMembers } from './render-members.ts';
import { addUniqueness } from './render-uniqueness.ts';
import type { SchemaDraft } from './schema-drafts.ts';
import { rootOverride, type SchemaSetDraft, type StartedResource } from './schema-set-draft.ts';

/** The second step for a resource: everything except its identity, once all identities are known. */
export function finishResource(set: SchemaSetDraft, { plan, schema, project, members }: StartedResource): void {
  const { resource } = schema;
  const unique = addMembers(set, schema, schema.root, plan.members, { project: project.name, depth: 0, steps: [] });
  addUniqueness(schema, unique);
  addEqualities(set, schema, plan.equalities, '$');
  const extensionProject = set.projects[1];
  if (plan.hasSite && extensionProject) {
    const site = builder.ext(
      extensionProject.endpoint,
      builder.object({ [set.names.field('note', false)]: builder.string() }),
    );
    const place = resource.collections[0]?.item ?? schema.root;
    place.add('_ext', site, false);
  }
  const relational = {
    ...(plan.hasRootOverride ? { rootTableNameOverride: rootOverride(resource) } : {}),
    ...(Object.keys(schema.overrides).length > 0 ? { nameOverrides: schema.overrides } : {}),
  };
  project.resources.push(
    builder.resource(resource.name, {
      allowIdentityUpdates: plan.allowIdentityUpdates,
      identityJsonPaths: resource.identity.map(({ path }) => path),
      ...schemaMembers(schema),
      ...(Object.keys(relational).length > 0 ? { relational } : {}),
      ...members,
    }),
  );
}

export function schemaMembers(schema: SchemaDraft): JsonRecord {
  return {
    documentPathsMapping: schema.mapping,
    decimalPropertyValidationInfos: schema.decimals,
    equalityConstraints: schema.equalities,
    arrayUniquenessConstraints: schema.uniqueness,
    jsonSchemaForInsert: schema.root.schema(),
  };
}
