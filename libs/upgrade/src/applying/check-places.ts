import { resourceLabel } from '@dms/api-schema';
import type { Connection, Limits } from '@dms/databases';
import { core, qualified, type RelationalModelSet } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { UpgradeCheck, UpgradeItem } from '../plan/upgrade-plan.ts';
import { isWithin } from '../renaming/renaming.ts';
import { type CheckedUpgrade, type RefusedDocument, refusedDocuments } from './later-documents.ts';
import { pathOf } from './new-problems.ts';

/* The documents behind the rows of a check, and the places in them, as a load would name them (design 12 §3.1). */

/** A document that does not allow a change. */
export interface ObjectingDocument {
  readonly uuid: string;
  /** `Project:Resource` in the earlier set; null if the document was deleted. */
  readonly resource: string | null;
  /** Null where the rows of the check are not part of documents. */
  readonly path: string | null;
}

/** The paths in documents whose values a column of a model holds; several if it is the one column of unified values. */
function pathsOfColumn({ resources }: RelationalModelSet, table: string, name: string): readonly string[] {
  return resources.flatMap(({ tablesInDependencyOrder, documentReferenceBindings }) =>
    tablesInDependencyOrder
      .filter((each) => qualified(each.table) === table)
      .flatMap(({ columns, keyUnificationClasses }) => {
        const members = keyUnificationClasses.flatMap(({ canonicalColumn, memberPathColumns }) =>
          canonicalColumn === name ? memberPathColumns : [],
        );
        const own = columns.filter(
          (column) => column.name === name || members.some((member) => member === column.name),
        );
        const references = documentReferenceBindings.filter(
          (binding) => qualified(binding.table) === table && binding.fkColumn === name,
        );
        return [
          ...own.flatMap(({ sourcePath }) => (sourcePath === null ? [] : [sourcePath.canonical])),
          ...references.map(({ referenceObjectPath }) => referenceObjectPath.canonical),
        ];
      }),
  );
}

/**
 * The paths of the values that a check looks at, as the later set has them; as the earlier set has them where they are
 * gone.
 */
export function pathsOfCheck(
  { plan, before, after }: CheckedUpgrade,
  { table, columns }: UpgradeCheck,
  { path: [place = '', column = ''], resource }: UpgradeItem,
): readonly string[] {
  const later = pathsOfColumn(after.model, place, column);
  if (later.length > 0) return [...new Set(later)].sort();
  const owner = before.model.resources.find(({ tablesInDependencyOrder }) =>
    tablesInDependencyOrder.some((each) => qualified(each.table) === table),
  );
  const label = owner === undefined ? resource : resourceLabel(owner.resourceKey);
  const earlier = columns.flatMap((each) => pathsOfColumn(before.model, table, each));
  return [...new Set(earlier.map((each) => plan.renaming.path(label, each)))].sort();
}

interface FoundDocument {
  readonly documentId: string;
  readonly uuid: string;
  readonly resource: string;
}

/** The ids and resources of documents. */
async function documentsByUuid(
  connection: Connection,
  uuids: readonly string[],
  limits: Limits,
): Promise<readonly FoundDocument[]> {
  if (uuids.length === 0) return [];
  const rules = dialectRules[connection.dialect];
  const q = (name: string) => rules.quote(name);
  const id = q('DocumentId');
  const uuid = q('DocumentUuid');
  const key = q('ResourceKeyId');
  const rows = await connection.query<{ id: unknown; uuid: string; project: string; resource: string }>(
    `SELECT d.${id} AS id, d.${uuid} AS uuid, k.${q('ProjectName')} AS project, k.${q('ResourceName')} AS resource FROM ${qualifiedName(rules, core.document)} AS d
INNER JOIN ${qualifiedName(rules, core.resourceKey)} AS k ON k.${key} = d.${key}
WHERE d.${uuid} IN (${uuids.map((each) => rules.stringLiteral(each)).join(', ')})`,
    [],
    limits,
  );
  return rows.map((row) => ({
    documentId: String(row.id),
    uuid: row.uuid.toLowerCase(),
    resource: resourceLabel({ projectName: row.project, resourceName: row.resource }),
  }));
}

/**
 * Finds the places that a check is about in some documents. A place is what a load into the later set says of the
 * document; where a load would say nothing, because only other documents make it wrong, it is the path of the value.
 */
export async function objectingDocuments(
  connection: Connection,
  question: CheckedUpgrade,
  { uuids, paths }: { readonly uuids: readonly string[]; readonly paths: readonly string[] },
  limits: Limits,
): Promise<readonly ObjectingDocument[]> {
  const { plan, after } = question;
  const found = await documentsByUuid(connection, uuids, limits);
  const known = new Set(after.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const places = new Map<string, string>();
  const isAbout = (path: string) => paths.some((each) => isWithin(path, each) || isWithin(each, path));
  const notePlaces = (page: readonly RefusedDocument[]) => {
    for (const { documentId, problems } of page) {
      const problem = problems.find(({ where: { path = '' } }) => path !== '$' && isAbout(pathOf(path)));
      if (problem?.where.path !== undefined) places.set(documentId, problem.where.path);
    }
  };
  for (const resource of new Set(found.map((each) => each.resource))) {
    const later = plan.renaming.resource(resource);
    if (paths.length === 0 || !known.has(later)) continue;
    const documentIds = found.flatMap((each) => (each.resource === resource ? [each.documentId] : []));
    const asked = { documentIds, signal: limits.signal };
    for await (const page of refusedDocuments(connection, question, { before: resource, after: later }, asked))
      notePlaces(page);
  }
  const byUuid = new Map(found.map((each) => [each.uuid, each]));
  const own = paths.length === 0 ? null : paths.join(' and ');
  return uuids.map((uuid) => {
    const document = byUuid.get(uuid.toLowerCase());
    if (document === undefined) return { uuid, resource: null, path: null };
    return { uuid, resource: document.resource, path: places.get(document.documentId) ?? own };
  });
}
