import { resourceLabel } from '@dms/api-schema';
import { failureKind } from '@dms/databases';
import { type Diagnostic, type DiagnosticLocation, DmsError, diagnostic } from '@dms/diagnostics';
import { constraintColumns, modelIndex, mustExist, type RelationalModelSet, type Table } from '@dms/model';
import { cachedByObject } from '@dms/values';
import type { CheckedDocument } from '../checking/checked-document.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';

/** The name of the constraint that caused a failure; null if it is unknown. */
export function constraintOf(error: unknown): string | null {
  const { object } = error instanceof DmsError ? error.diagnostics[0].details : {};
  return typeof object === 'string' ? object : null;
}

/**
 * Describes a failure of the database in terms of the document: the constraint with the JSON paths of its columns
 * (design 14 §3). `DOCUMENT_EXISTS` if another document has the identity, with the paths of the identity; otherwise
 * `DOCUMENT_REFUSED`. The diagnostic points to the first path.
 */
export function rejectedDocument(
  all: DocumentPlans,
  { label, identity }: ResourcePlans,
  error: DmsError,
  at: DiagnosticLocation,
): Diagnostic {
  const name = constraintOf(error);
  const { resources } = all.mappingSet.model;
  const places = name === null ? [] : (constraintPlaces(all.mappingSet.model).get(name) ?? []);
  const place = places.find(({ resource }) => resource === label) ?? places[0];
  const isIdentity = name === 'PK_ReferentialIdentity' || (name?.endsWith('_NK') ?? false);
  // the constraint may belong to another concrete resource to which the change of an identity was propagated
  const isOfOther =
    place && place.resource !== label && resources.some((each) => resourceLabel(each.resourceKey) === place.resource);
  const own = () => identity.identityElements.map(({ identityJsonPath }) => identityJsonPath.canonical);
  const paths = isIdentity && !isOfOther ? own() : place ? pathsOf(place) : [];
  const [path] = paths;
  const where = { ...at, resource: label, ...(path === undefined ? {} : { path }) };
  const message = error.diagnostics[0].message;
  const details = { resource: label, constraint: name, table: place ? place.table.table.name : null, paths };
  if (failureKind(error, all.dialect) === 'unique' && isIdentity) {
    const text = `${label}: another document has the same identity (${paths.join(', ')}): ${message}`;
    return diagnostic('DOCUMENT_EXISTS', text, where, details);
  }
  const columns = paths.length > 0 ? ` over ${paths.join(', ')}` : '';
  const by = name === null ? '' : `the constraint ${name}${columns}: `;
  return diagnostic('DOCUMENT_REFUSED', `${label}: the database refused a row by ${by}${message}`, where, details);
}

interface ConstraintPlace {
  readonly resource: string;
  readonly table: Table;
  readonly columns: readonly string[];
}

/** The constraints of all tables by name; two schemas may have constraints with the same name. */
const constraintPlaces = cachedByObject(
  (model: RelationalModelSet): ReadonlyMap<string, readonly ConstraintPlace[]> => {
    const byName = new Map<string, ConstraintPlace[]>();
    const add = (name: string, place: ConstraintPlace) => {
      const list = byName.get(name);
      if (list) list.push(place);
      else byName.set(name, [place]);
    };
    for (const { label: resource, table } of modelIndex(model).allTables) {
      add(table.key.constraintName, { resource, table, columns: table.key.columns.map(({ name }) => name) });
      for (const constraint of table.constraints)
        add(constraint.name, { resource, table, columns: constraintColumns(constraint) });
    }
    return byName;
  },
);

/** The JSON paths of the columns of a constraint, without columns that documents do not show. */
function pathsOf({ table, columns }: ConstraintPlace): string[] {
  const wanted = new Set(columns);
  const canonical = new Set(
    table.columns.flatMap(({ name, storage, sourcePath }) =>
      sourcePath && (wanted.has(name) || (storage.kind === 'UnifiedAlias' && wanted.has(storage.canonicalColumn)))
        ? [sourcePath.canonical]
        : [],
    ),
  );
  return [...canonical];
}

/** The document that already has the identity of another one. */
interface Holder {
  /** `Project:Resource`. */
  readonly label: string;
  readonly uuid: string;
}

/**
 * `DOCUMENT_EXISTS` for a document whose identity another document has, of its resource or of another resource with the
 * same superclass (design 14 §3). The diagnostic points to the first path of the identity.
 */
export function takenIdentity(document: CheckedDocument, holder: Holder, at: DiagnosticLocation): Diagnostic {
  const { label: resource } = document.plans;
  const { paths, values } = describeIdentity(document);
  const [path] = paths;
  const text =
    holder.label === resource
      ? `is there already (${holder.uuid})`
      : `has the same identity as ${holder.label} ${holder.uuid}, a document of their superclass`;
  return diagnostic(
    'DOCUMENT_EXISTS',
    `${resource} with ${values.join(', ')} ${text}.`,
    { ...at, resource, ...(path === undefined ? {} : { path }) },
    { resource, paths, identity: values, holder: holder.label, uuid: holder.uuid },
  );
}

/** The identity of a document in messages, with its paths. */
function describeIdentity({ plans, rows }: CheckedDocument) {
  const [root] = rows[0] ?? [];
  const paths = plans.identity.identityElements.map(({ identityJsonPath: { canonical } }) => canonical);
  const values = paths.map((path) => {
    const leaf = plans.shape.tables[0]?.leaves.find((each) => each.path === path);
    const { slot } = mustExist(leaf, `the value of ${path}`);
    return `${path} = ${JSON.stringify(root?.values[slot] ?? null)}`;
  });
  return { paths, values };
}

/** Whether the database refused a new document because another document has its uuid. */
export const isTakenUuid = (error: unknown): boolean => constraintOf(error) === uuidKey;

/** The unique key of `dms.Document` on the uuid, in both generations. */
const uuidKey = 'UX_Document_DocumentUuid';

/** `DOCUMENT_REFUSED` for a new document or descriptor whose uuid another document has. */
export function takenUuid(resource: string, uuid: string, at: DiagnosticLocation): Diagnostic {
  const text = `${resource}: another document has the uuid ${uuid.toLowerCase()}. Leave it out, or choose another.`;
  return diagnostic(
    'DOCUMENT_REFUSED',
    text,
    { ...at, resource, path: '$.uuid' },
    { resource, uuid: uuid.toLowerCase() },
  );
}
