import { type MarkedView, type PreparedObject, preparedText, type RecordedStep } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, listOfNames } from '@dms/diagnostics';
import { hashStart } from '@dms/files';

/** What `check` finds prepared in a database for an upgrade (design 12 §14.3). */
export interface PreparationState {
  /** The hash of the schema set of the upgrade; null if nothing is made yet. */
  readonly later: string | null;
  /** What was made, in the order of making. */
  readonly objects: readonly PreparedObject[];
  /** How many statements were begun and did not end. */
  readonly broken: number;
}

/** Null if the database is not prepared. */
export function preparationState(record: readonly RecordedStep[] | null): PreparationState | null {
  if (record === null) return null;
  const objects = new Map(record.flatMap((step) => step.objects).map((object) => [preparedText(object), object]));
  return {
    later: record[0]?.later ?? null,
    objects: [...objects.values()],
    broken: record.filter(({ isDone }) => !isDone).length,
  };
}

/** The lines for people. Prepared objects do not count as differences from the schema set. */
export function preparationLines({ later, objects, broken }: PreparationState): string[] {
  const rest = broken === 0 ? '' : '; one step did not end, and upgrade prepare makes it again';
  return [
    `Prepared for an upgrade to ${later === null ? 'another schema set' : hashStart(later)}: ${counted(objects.length, 'object')}${rest}`,
    ...objects.map((object) => `  ${preparedText(object)}`),
  ];
}

/** The form for machines. */
export const preparationValue = ({ later, objects, broken }: PreparationState) => ({
  effective_schema_hash: later,
  objects: objects.map(preparedText),
  broken,
});

/** The reporting views that `check` finds in a database (design 19 §8). */
export interface ReportingState {
  readonly views: number;
  /** `schema.name` of the table of descriptors; null if they are a view. */
  readonly descriptorTable: string | null;
  /** The schema sets that views were made for, without the set of the database. */
  readonly otherHashes: readonly string[];
  /** `schema.name` of the views that are no longer what was made. */
  readonly changed: readonly string[];
}

/** Null where there are none. */
export function reportingState(views: readonly MarkedView[], effectiveSchemaHash: string): ReportingState | null {
  if (views.length === 0) return null;
  const hashes = new Set(views.map((view) => view.effectiveSchemaHash));
  hashes.delete(effectiveSchemaHash);
  const table = views.find(({ kind }) => kind === 'table');
  return {
    views: views.filter(({ kind }) => kind === 'view').length,
    descriptorTable: table === undefined ? null : `${table.schema}.${table.name}`,
    otherHashes: [...hashes].sort(),
    changed: views
      .filter(({ isUnchanged }) => !isUnchanged)
      .map(({ schema, name }) => `${schema}.${name}`)
      .sort(),
  };
}

/** `REPORTING_VIEWS_DIFFER` for views that `reporting apply` would replace by others. */
export function reportingFindings(state: ReportingState | null, label: string): readonly Diagnostic[] {
  if (state === null) return [];
  const { otherHashes, changed } = state;
  const found = [
    ...(otherHashes.length === 0 ? [] : [`are of the schema set ${otherHashes.map(hashStart).join(', ')}`]),
    ...(changed.length === 0 ? [] : [`were changed since they were made: ${listOfNames(changed)}`]),
  ];
  return found.map((what) =>
    diagnostic(
      'REPORTING_VIEWS_DIFFER',
      `${label}: reporting views ${what}. dms-ddl reporting apply replaces them.`,
      {},
      { ...state },
    ),
  );
}

/** `Reporting views: 613`. */
export function reportingLine({ views, descriptorTable, otherHashes, changed }: ReportingState): string {
  const facts = [
    `${views}${descriptorTable === null ? '' : ` and the table ${descriptorTable}`}`,
    ...otherHashes.map((hash) => `of the schema set ${hashStart(hash)}`),
    ...(changed.length === 0 ? [] : [`${counted(changed.length, 'view')} changed`]),
  ];
  return `Reporting views: ${facts.join(', ')}`;
}

/** The form for machines. */
export const reportingValue = ({ views, descriptorTable, otherHashes, changed }: ReportingState) => {
  return { views, descriptor_table: descriptorTable, other_hashes: otherHashes, changed };
};
