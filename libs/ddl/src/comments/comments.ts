import { type DocumentSchemas, definitionOfScope, definitionsOf, resourceLabel } from '@dms/api-schema';
import type { DbTableName, RelationalModelSet } from '@dms/model';

/** The definition of a table, or of one of its columns. */
export interface Comment {
  readonly table: DbTableName;
  /** Null for the table itself. */
  readonly column: string | null;
  readonly text: string;
}

/** Characters that no literal can hold: NUL and half a surrogate pair. */
const unwritable = /\0|\p{Surrogate}/gu;

/** A definition on one line, because a script is read by line. */
const onOneLine = (definition: string) => definition.replaceAll(unwritable, '\uFFFD').replaceAll(/\s+/g, ' ').trim();

/**
 * The definitions of a schema set by table and column (design 13 §8), in the order of the model: a table has the definition of its resource
 * or of the array whose items it holds, a column has the definition of its path. What has none is missing, and so are descriptors, which
 * share one table.
 */
export function definedComments({ resources }: RelationalModelSet, schemas: DocumentSchemas): Comment[] {
  const comments: Comment[] = [];
  for (const { resourceKey, tablesInDependencyOrder } of resources) {
    const definitions = definitionsOf(schemas.get(resourceLabel(resourceKey)) ?? []);
    const add = (table: DbTableName, column: string | null, definition = '') => {
      const text = onOneLine(definition);
      if (text !== '') comments.push({ table, column, text });
    };
    for (const { table, jsonScope, columns } of tablesInDependencyOrder) {
      add(table, null, definitionOfScope(definitions, jsonScope.canonical));
      for (const { name, sourcePath } of columns)
        if (sourcePath !== null) add(table, name, definitions.get(sourcePath.canonical));
    }
  }
  return comments;
}
