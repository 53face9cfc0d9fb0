import { pascalCase } from '@dms/model';
import { build, edFi, modelOf, ownSchema, plain, tableNames } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { defaultCollectionName } from './collection-name.ts';

const { array, integer, object } = build;

interface OverriddenNode {
  readonly type?: string;
  readonly properties?: { readonly [name: string]: OverriddenNode };
  readonly items?: OverriddenNode;
}

interface Collection {
  readonly path: string;
  readonly name: string;
  /** Whether the name starts with a word that the table name already has: of the root or the collections around it. */
  readonly repeatsPrefix: boolean;
}

const startsWithTail = (name: string, prefix: string) =>
  [...prefix].some((character, index) => character === character.toUpperCase() && name.startsWith(prefix.slice(index)));

/** All arrays outside `_ext`, with their default names. */
function collectionsOf(node: OverriddenNode, root: string, path = '$', parents: readonly string[] = []): Collection[] {
  return Object.entries(node.properties ?? {}).flatMap(([property, schema]) => {
    if (property === '_ext') return [];
    if (!schema.items) return collectionsOf(schema, root, `${path}.${property}`, parents);
    const name = defaultCollectionName(property);
    const prefixes = [root + parents.join(''), root, parents.join('')];
    const found = {
      path: `${path}.${property}[*]`,
      name,
      repeatsPrefix: prefixes.some((prefix) => startsWithTail(name, prefix)),
    };
    return [found, ...collectionsOf(schema.items, root, found.path, [...parents, name])];
  });
}

interface OverriddenSchema {
  readonly resourceName: string;
  readonly isDescriptor: boolean;
  readonly jsonSchemaForInsert: OverriddenNode;
  relational?: {
    readonly rootTableNameOverride?: string;
    readonly nameOverrides?: { readonly [path: string]: string };
  } | null;
}

type OverriddenDocuments = Parameters<typeof modelOf>[0];

const facts = (documents: OverriddenDocuments) => {
  const { effectiveSchema: _, ...model } = modelOf(documents);
  return JSON.parse(JSON.stringify(model));
};

describe('an override that is the default name of its collection (design 03 §13)', () => {
  /** The schemas of this repository, with `change` applied to every core resource that has tables. */
  const schemas = (
    change: (schema: OverriddenSchema, collections: readonly Collection[]) => void,
  ): OverriddenDocuments => {
    const core = ownSchema('campus');
    for (const schema of Object.values<OverriddenSchema>(core.projectSchema.resourceSchemas)) {
      const { resourceName, isDescriptor, relational, jsonSchemaForInsert } = schema;
      // this walk does not know the names below a renamed collection, which depend on the new name
      const renamesCollections = Object.keys(relational?.nameOverrides ?? {}).some((key) => key.endsWith('[*]'));
      if (isDescriptor || renamesCollections) continue;
      change(schema, collectionsOf(jsonSchemaForInsert, pascalCase(relational?.rootTableNameOverride ?? resourceName)));
    }
    return [core, ownSchema('athletics')];
  };

  it('changes nothing, in companions of extensions too', () => {
    let count = 0;
    const documents = schemas((schema, collections) => {
      const own = collections.filter(({ repeatsPrefix }) => !repeatsPrefix).map(({ path, name }) => [path, name]);
      count += own.length;
      const { relational } = schema;
      schema.relational = {
        ...relational,
        nameOverrides: { ...relational?.nameOverrides, ...Object.fromEntries(own) },
      };
    });
    expect(count).toBeGreaterThan(3);
    expect(facts(documents)).toEqual(facts(schemas(() => undefined)));
  });

  it('loses the prefix where it starts with one, so that the table has a shorter name', () => {
    const thing = (nameOverrides: build.JsonRecord) =>
      tableNames(
        modelOf([
          edFi([
            plain('Course', { courseLevels: array(object({ a: integer() })) }, [], { relational: { nameOverrides } }),
          ]),
        ]),
      );
    expect(thing({})).toEqual(['edfi.Course', 'edfi.CourseCourseLevel']);
    expect(thing({ '$.courseLevels[*]': 'CourseLevel' })).toEqual(['edfi.Course', 'edfi.CourseLevel']);
  });
});
