import { resourceLabel } from '@dms/api-schema';
import { type Diagnostic, type DiagnosticLocation, diagnostic } from '@dms/diagnostics';
import { documentRulesOf } from '@dms/plans';
import type { CheckedDocument, SoughtTarget } from '../checking/checked-document.ts';
import { duplicateElements } from '../checking/conflicting-values.ts';
import { generations } from '../generations.ts';
import type { FoundIdentity } from '../statements/identity-statements.ts';
import { hiddenDifferences } from './hidden-differences.ts';
import type { Lookalikes, LookalikeText } from './stored-lookalikes.ts';

/**
 * Document ids of descriptors that a connection has seen (design 14 §2). Documents of resources change too often to be
 * cached.
 */
export class KnownDescriptors {
  private readonly ids = new Map<string, string>();
  private readonly limit: number;

  constructor(limit = 10_000) {
    this.limit = limit;
  }

  get(referentialId: string): string | undefined {
    return this.ids.get(referentialId);
  }

  remember(referentialId: string, documentId: string): void {
    if (this.ids.size >= this.limit) this.ids.clear();
    this.ids.set(referentialId, documentId);
  }

  forget(): void {
    this.ids.clear();
  }
}

/** All targets of documents, without duplicates. */
export function targetsOf(documents: readonly CheckedDocument[]): Map<string, SoughtTarget> {
  const targets = new Map<string, SoughtTarget>();
  for (const document of documents)
    for (const target of document.targets)
      if (!targets.has(target.referentialId)) targets.set(target.referentialId, target);
  return targets;
}

/** The ids of the targets that were found, including cached descriptors. */
export function resolvedIds(
  targets: ReadonlyMap<string, SoughtTarget>,
  found: readonly FoundIdentity[],
  descriptors: KnownDescriptors,
): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [referentialId, { reference }] of targets) {
    const known = reference === null ? descriptors.get(referentialId) : undefined;
    if (known !== undefined) ids.set(referentialId, known);
  }
  for (const { referentialId, documentId } of found) {
    ids.set(referentialId, documentId);
    if (targets.get(referentialId)?.reference === null) descriptors.remember(referentialId, documentId);
  }
  return ids;
}

/**
 * `DOCUMENT_REFERENCE_UNRESOLVED` for each place whose target does not exist, descriptors before documents (design 17
 * §8). If there is none, `DOCUMENT_DUPLICATE_ELEMENT` for items that name the same documents with different texts.
 */
export function unresolved(
  document: CheckedDocument,
  ids: ReadonlyMap<string, string>,
  where: DiagnosticLocation,
  lookalikes: Lookalikes = new Map(),
): Diagnostic[] {
  const { plans, targets } = document;
  if (targets.every(({ referentialId }) => ids.has(referentialId))) return equalItems(document, ids, where);
  return targets
    .filter(({ referentialId }) => !ids.has(referentialId))
    .toSorted((a, b) => Number(a.reference !== null) - Number(b.reference !== null))
    .map(({ place, resource, referentialId, identity: identityOf }) => {
      const target = resourceLabel(resource);
      const identity = identityOf();
      const stored = lookalikes.get(referentialId) ?? [];
      const values = identity.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).join(', ');
      const text = `${plans.label} ${place} names a document that is not there: ${target} with ${values}. Write it first, or correct the reference.${likenessText(identity, stored)}`;
      const details = {
        resource: plans.label,
        path: place,
        target,
        identity: identity.map(({ path, value }) => ({ path, value })),
        ...(stored.length === 0 ? {} : { stored: stored.map(({ path, value }) => ({ path, value })) }),
      };
      return diagnostic(
        'DOCUMENT_REFERENCE_UNRESOLVED',
        text,
        { ...where, resource: plans.label, path: place },
        details,
      );
    });
}

/** The items whose targets the database regards as equal although their texts differ (design 22 §4.5). */
function equalItems(
  { plans, targets, rows }: CheckedDocument,
  ids: ReadonlyMap<string, string>,
  where: DiagnosticLocation,
): Diagnostic[] {
  if (generations[plans.version].texts.isInDoubt === null) return [];
  const named = new Set(targets.map(({ referentialId }) => referentialId));
  const documents = new Set([...named].map((referentialId) => ids.get(referentialId)));
  if (documents.size === named.size) return [];
  const idOf = (referentialId: string | undefined) =>
    referentialId === undefined ? undefined : ids.get(referentialId);
  const resolved = rows.map((own) =>
    own.map((row) => ({ ...row, descriptors: row.descriptors.map(idOf), references: row.references.map(idOf) })),
  );
  const { dialect, version, label: resource, shape } = plans;
  const found: Diagnostic[] = [];
  duplicateElements(shape, resolved, documentRulesOf(version), dialect, (path, text, details) => {
    const about = { resource, path, ...details };
    found.push(
      diagnostic('DOCUMENT_DUPLICATE_ELEMENT', `${resource} ${path} ${text}.`, { ...where, resource, path }, about),
    );
  });
  return found;
}

/**
 * A text about the hidden characters in the values of a reference, and in those of a stored document that looks like
 * its target; empty if there are none.
 */
function likenessText(identity: readonly LookalikeText[], stored: readonly LookalikeText[]): string {
  const own = hiddenNotes(identity);
  const other = hiddenNotes(stored);
  return [
    ...(own === '' ? [] : [` Texts that look alike may differ: ${own}.`]),
    ...(other === '' ? [] : [` A stored one looks the same and differs: there ${other}.`]),
  ].join('');
}

/** The hidden characters in texts, as notes. */
const hiddenNotes = (texts: readonly LookalikeText[]): string =>
  texts
    .flatMap(({ path, value }) => {
      const hidden = hiddenDifferences(value);
      return hidden.length === 0 ? [] : [`${path} ${hidden.join(', ')}`];
    })
    .join('; ');
