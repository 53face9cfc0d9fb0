import { compareBy } from '@dms/values';

/**
 * A value as a text that does not depend on the order of members, in which catalogs of files, models and databases
 * differ.
 */
export const comparableText = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(compareBy(([name]) => name)))
      : member,
  );
