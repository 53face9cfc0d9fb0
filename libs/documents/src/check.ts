import { type Diagnostic, DmsError } from '@dms/diagnostics';
import type { JsonValue } from '@dms/files';
import type { QualifiedResourceName } from '@dms/model';
import { checkDocument as check, documentProblems as problems } from './checking/check-document.ts';
import type { CheckOptions, CheckResult } from './checking/checked-document.ts';
import type { DocumentPlans } from './resource-plans.ts';

/**
 * Checks a document against the model, without SQL, and reports all problems together (design 14 §1). Throws
 * `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export function checkDocument(
  plans: DocumentPlans,
  resource: QualifiedResourceName,
  document: JsonValue,
  options?: CheckOptions,
): CheckResult {
  return check(plans, plans.of(resource), document, options);
}

/**
 * The problems that {@link checkDocument} reports, for a document that is not written. Throws
 * `DOCUMENT_RESOURCE_UNKNOWN`.
 */
export const documentProblems = (
  plans: DocumentPlans,
  resource: QualifiedResourceName,
  document: JsonValue,
): readonly Diagnostic[] => problems(plans, plans.of(resource), document);

/** The referential id of a document, as its trigger also writes it (design 14 §2). Throws the problems of its check. */
export function referentialIdOf(plans: DocumentPlans, resource: QualifiedResourceName, document: JsonValue): string {
  const result = checkDocument(plans, resource, document);
  if (result.document) return result.document.referentialId;
  const [first, ...others] = result.problems;
  if (!first) throw new Error('a document without problems was not made');
  throw new DmsError([first, ...others]);
}
