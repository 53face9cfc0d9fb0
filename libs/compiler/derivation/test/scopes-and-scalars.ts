import type { RelationalModelSet, ResourceModel, Table } from '@dms/model';
import { type Document, resourceOf } from '@dms/testing';
import { expect } from 'vitest';

interface ScopeNode {
  readonly type?: string;
  readonly items?: ScopeNode;
  readonly properties?: { readonly [name: string]: ScopeNode };
}

/** Paths of the arrays (`…[*]`) and of the scalars of an insert schema, outside `_ext`. */
function placesOf(node: ScopeNode, path = '$'): { arrays: string[]; scalars: string[] } {
  if (node.type === 'array' || (!node.type && node.items)) {
    const inside = placesOf(node.items ?? {}, `${path}[*]`);
    return { arrays: [`${path}[*]`, ...inside.arrays], scalars: inside.scalars };
  }
  if (node.type !== 'object' && !(!node.type && node.properties)) return { arrays: [], scalars: [path] };
  const inside = Object.entries(node.properties ?? {})
    .filter(([name]) => name !== '_ext')
    .map(([name, member]) => placesOf(member, `${path}.${name}`));
  return { arrays: inside.flatMap(({ arrays }) => arrays), scalars: inside.flatMap(({ scalars }) => scalars) };
}

/** Resources with tables, each with its schema. */
function relationalResources(
  model: RelationalModelSet,
  documents: readonly Document[],
): { resource: ResourceModel; schema: ScopeNode }[] {
  return documents.flatMap(({ projectSchema }) => {
    const { projectName, resourceSchemas } = projectSchema as {
      projectName: string;
      resourceSchemas: {
        [key: string]: {
          resourceName: string;
          isResourceExtension: boolean;
          isDescriptor: boolean;
          jsonSchemaForInsert: ScopeNode;
        };
      };
    };
    return Object.values(resourceSchemas).flatMap(
      ({ resourceName, isResourceExtension, isDescriptor, jsonSchemaForInsert }) => {
        if (isResourceExtension || isDescriptor) return [];
        return [{ resource: resourceOf(model, `${projectName}:${resourceName}`), schema: jsonSchemaForInsert }];
      },
    );
  });
}

const isBaseTable = ({ jsonScope }: Table) => !jsonScope.canonical.includes('._ext.');

/** Invariant 4: the scopes of the base tables are the root and the arrays outside `_ext`. */
export function expectTablesPerArray(model: RelationalModelSet, documents: readonly Document[]): void {
  for (const { resource, schema } of relationalResources(model, documents)) {
    const scopes = resource.tablesInDependencyOrder.filter(isBaseTable).map(({ jsonScope }) => jsonScope.canonical);
    expect(scopes.sort(), resource.resourceKey.resourceName).toEqual(['$', ...placesOf(schema).arrays].sort());
  }
}

/** Invariant 8: every scalar outside `_ext` has a column, unless it is a link member of a reference object. */
export function expectColumnsPerScalar(model: RelationalModelSet, documents: readonly Document[]): void {
  for (const { resource, schema } of relationalResources(model, documents)) {
    const paths = new Set(
      resource.tablesInDependencyOrder.flatMap(({ columns }) =>
        columns.flatMap(({ sourcePath }) => sourcePath?.canonical ?? []),
      ),
    );
    const links = resource.documentReferenceBindings.map(
      ({ referenceObjectPath }) => `${referenceObjectPath.canonical}.link`,
    );
    const isLink = (scalar: string) => links.some((link) => scalar === link || scalar.startsWith(`${link}.`));
    const lost = placesOf(schema).scalars.filter((scalar) => !paths.has(scalar) && !isLink(scalar));
    expect(lost, resource.resourceKey.resourceName).toEqual([]);
  }
}
