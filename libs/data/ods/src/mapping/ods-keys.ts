import { mustExist, pascalCase, type QualifiedResourceName } from '@dms/model';
import { addColumn, type DraftOdsColumn, emptyColumns, mergeColumns, plainColumn } from './columns.ts';
import { type Leaf, lastName, valuePaths } from './leaves.ts';
import {
  type AbstractResource,
  type OdsResource,
  type OdsResources,
  personName,
  type ResourcePart,
  resourceKey,
} from './resource-parts.ts';
import { usiType, valueType, widerType } from './value-types.ts';

/** The columns of a leaf in the row of its scope; for a leaf that is an element, in the row of the element. */
export type LeafColumns = (
  resource: OdsResource,
  part: ResourcePart,
  leaf: Leaf,
  isElement: boolean,
) => readonly DraftOdsColumn[];

/**
 * The key of a concrete or abstract resource (design 19 §5.1); the paths of its columns are those of its identity.
 */
export type KeyOf = (name: QualifiedResourceName) => readonly DraftOdsColumn[];

/** Finds the keys of resources, each once, from the columns of their leaves (design 19 §5.1). */
export function odsKeys({ resources, abstractResources }: OdsResources, leafColumns: LeafColumns): KeyOf {
  const byKey = new Map(resources.map((resource) => [resourceKey(resource.name), resource]));
  const abstractByKey = new Map(abstractResources.map((resource) => [resourceKey(resource.name), resource]));
  const keys = new Map<string, readonly DraftOdsColumn[]>();

  /** The columns of the leaves that stand for a path of an identity. */
  function ownKey(resource: OdsResource, identityPaths: readonly string[]): DraftOdsColumn[] {
    const { own: part } = resource;
    const identity = new Set(identityPaths);
    const set = emptyColumns();
    for (const leaf of part.root.leaves.filter((each) => valuePaths(each).some((path) => identity.has(path))))
      for (const column of leafColumns(resource, part, leaf, false)) addColumn(set, column);
    mergeColumns(set, part.equalities);
    return [...set.byName.values()].flatMap((column) => {
      const paths = column.paths.filter((path) => identity.has(path));
      return paths.length === 0 ? [] : [{ ...column, paths, isRequired: true, isShared: false }];
    });
  }

  /** The key of an abstract resource: its columns hold the values of all subclasses, whose types may differ. */
  function abstractKey({ identityPaths, subclasses }: AbstractResource): readonly DraftOdsColumn[] {
    const [path, ...others] = identityPaths;
    if (path !== undefined && others.length === 0) {
      const types = subclasses.flatMap((subclass) => {
        const key = keyOf(subclass.name);
        // a subclass with another name for the identity has only this part of an identity
        const column = key.find(({ paths }) => paths.includes(path)) ?? key[0];
        return column === undefined ? [] : [column.type];
      });
      const [first = valueType(undefined, { digits: undefined, isWideIdentity: false, known: undefined }), ...more] =
        types;
      const column = { content: { kind: 'value' } as const, type: more.reduce(widerType, first) };
      return [{ ...column, parts: [pascalCase(lastName(path))], paths: [path], isRequired: true, ...plainColumn }];
    }
    const [first = [], ...more] = subclasses.map((subclass) => ownKey(subclass, identityPaths));
    return first.map((column) => {
      const same = more.flatMap(
        (key) => key.find(({ paths }) => paths.some((each) => column.paths.includes(each))) ?? [],
      );
      return { ...column, type: same.reduce((type, each) => widerType(type, each.type), column.type) };
    });
  }

  function keyColumns(name: QualifiedResourceName): readonly DraftOdsColumn[] {
    const abstractResource = abstractByKey.get(resourceKey(name));
    if (abstractResource !== undefined) return abstractKey(abstractResource);
    const resource = mustExist(byKey.get(resourceKey(name)), resourceKey(name));
    const person = personName(resource);
    if (person === undefined) return ownKey(resource, resource.identityPaths);
    const content = { kind: 'usi', resource: name } as const;
    return [
      {
        parts: [`${person}USI`],
        content,
        type: usiType,
        paths: resource.identityPaths,
        isRequired: true,
        ...plainColumn,
      },
    ];
  }

  function keyOf(name: QualifiedResourceName): readonly DraftOdsColumn[] {
    const key = resourceKey(name);
    const known = keys.get(key);
    if (known !== undefined) return known;
    // an identity that contains itself is refused by derive-model; an empty key ends the recursion here
    keys.set(key, []);
    const columns = keyColumns(name);
    keys.set(key, columns);
    return columns;
  }

  return keyOf;
}
