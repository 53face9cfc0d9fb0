import { type JsonPath, resourceLabel } from '@dms/api-schema';
import type { RelationalModelSet, ResourceModel } from '@dms/model';

/** The possible contents of a document, as far as tables store them. */
export type Shape = ValueShape | ObjectShape | ArrayShape;

export interface ValueShape {
  readonly kind: 'value';
  readonly path: string;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly path: string;
  /** In model order; under `_ext` the additions of extensions. */
  readonly members: Map<string, Shape>;
}

export interface ArrayShape {
  readonly kind: 'array';
  readonly path: string;
  /** The path of an item. */
  readonly scope: string;
  items: Shape;
  /** An array below `_ext` that mirrors an array of the base document and leads to extensions of its items. */
  readonly isAligned: boolean;
}

const emptyObject = (path: string): ObjectShape => ({ kind: 'object', path, members: new Map() });

/** The shape at `path`; creates missing shapes on the way. */
function addPath(root: ObjectShape, path: JsonPath, scopes: ReadonlySet<string>, leaf: 'value' | 'object'): void {
  let at: Shape = root;
  let text = '$';
  for (const [index, segment] of path.segments.entries()) {
    const following = path.segments[index + 1];
    const make = (): Shape => {
      if (following === undefined && leaf === 'value') return { kind: 'value', path: text };
      if (following?.kind !== 'anyElement') return emptyObject(text);
      const scope = `${text}[*]`;
      return { kind: 'array', path: text, scope, items: emptyObject(scope), isAligned: !scopes.has(scope) };
    };
    if (segment.kind === 'property') {
      text = `${text}.${segment.name}`;
      if (at.kind !== 'object') return;
      const known: Shape = at.members.get(segment.name) ?? make();
      at.members.set(segment.name, known);
      at = known;
    } else {
      text = `${text}[*]`;
      if (at.kind !== 'array') return;
      // an array of plain values: the item itself is the column
      if (following === undefined && leaf === 'value') at.items = { kind: 'value', path: text };
      at = at.items;
    }
  }
}

function shapeOf(resource: ResourceModel): ObjectShape {
  const root = emptyObject('$');
  const scopes = new Set(resource.tablesInDependencyOrder.map(({ jsonScope }) => jsonScope.canonical));
  for (const { jsonScope, columns } of resource.tablesInDependencyOrder) {
    addPath(root, jsonScope, scopes, 'object');
    // a foreign key has the path of the reference object, whose parts have columns of their own
    for (const { sourcePath, kind } of columns)
      if (sourcePath) addPath(root, sourcePath, scopes, kind === 'DocumentFk' ? 'object' : 'value');
  }
  return root;
}

/** Shapes of all relational resources, by `Project:Resource`, read from columns and tables. */
export function documentShapes(model: RelationalModelSet): Map<string, ObjectShape> {
  return new Map(
    model.resources
      .filter(({ storageKind }) => storageKind === 'RelationalTables')
      .map((resource) => [resourceLabel(resource.resourceKey), shapeOf(resource)]),
  );
}
