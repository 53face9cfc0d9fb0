import { type PreparedObject, preparedText, type RecordedStep } from '@dms/databases';
import { counted } from '@dms/diagnostics';
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
