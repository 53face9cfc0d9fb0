import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { CheckedDocument } from '../checking/checked-document.ts';

/** The document that has what another one needs. */
export interface Holder {
  /** `Project:Resource`. */
  readonly label: string;
  readonly uuid: string;
}

/** The identity of a document in messages, and where it is. */
function identityOf({ plans, rows }: CheckedDocument) {
  const [root] = rows[0] ?? [];
  const paths = plans.identity.identityElements.map(({ identityJsonPath: { canonical } }) => canonical);
  const values = paths.map((path) => {
    const leaf = plans.shape.tables[0]?.leaves.find((each) => each.path === path);
    const { slot } = mustExist(leaf, `the value of ${path}`);
    return `${path} = ${JSON.stringify(root?.values[slot] ?? null)}`;
  });
  return { paths, values };
}

/**
 * `DOCUMENT_EXISTS` for a document whose identity another one has: one of its resource, or of another resource with the
 * same superclass (design 14 §3). The diagnostic points to the first path of the identity.
 */
export function takenIdentity(document: CheckedDocument, holder: Holder, at: DiagnosticLocation): Diagnostic {
  const { label: resource } = document.plans;
  const { paths, values } = identityOf(document);
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

/** `DOCUMENT_REFUSED` for a new document whose uuid another one has. */
export function takenUuid(
  { plans: { label: resource } }: CheckedDocument,
  uuid: string,
  at: DiagnosticLocation,
): Diagnostic {
  const text = `${resource}: another document has the uuid ${uuid.toLowerCase()}. Leave it out, or choose another.`;
  return diagnostic(
    'DOCUMENT_REFUSED',
    text,
    { ...at, resource, path: '$.uuid' },
    { resource, uuid: uuid.toLowerCase() },
  );
}
