import type { ColumnKind, QualifiedResourceName } from '@dms/model';
import { kindFacts, ofKinds } from '@dms/sql';
import { sha256Hex } from '@dms/values';

/* The form of names in manifests of mapping sets (design 08 §11.2). */

export const columnKindNames: Readonly<Record<ColumnKind, string>> = {
  Scalar: 'scalar',
  DocumentFk: 'document_fk',
  DescriptorFk: 'descriptor_fk',
  Ordinal: 'ordinal',
  ParentKeyPart: 'parent_key_part',
  CollectionKey: 'collection_key',
  MirroredContentVersion: 'mirrored_content_version',
  MirroredContentLastModifiedAt: 'mirrored_content_last_modified_at',
  ResourceKeyId: 'resource_key_id',
};

/** The names of the kinds of scalar types. */
export const scalarKindNames = ofKinds((kind) => kindFacts[kind].manifestName);

export const resourceNameObject = ({ projectName, resourceName }: QualifiedResourceName) => ({
  project_name: projectName,
  resource_name: resourceName,
});

/** Unifies line ends and removes trailing white space at the end of the text (design 08 §10). */
export function normalizePlanSql(sql: string): string {
  const text = sql.replace(/\r\n|[\r\f\u0085\u2028\u2029]/g, '\n');
  // the expression /\p{White_Space}+$/u would start at each white space of the text
  let end = text.length;
  while (end > 0 && isWhiteSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const isWhiteSpace = (character: string): boolean =>
  character <= '\x7f' ? character.trim() === '' : /\p{White_Space}/u.test(character);

/** The hash of a plan's SQL: 64 lower-case hex digits. */
export function planSqlHash(sql: string): string {
  return sha256Hex(normalizePlanSql(sql));
}
