/** How bad a difference between a database and its desired catalog is. */
export type Severity = 'error' | 'warning' | 'info';

/** What drift asks about one kind of object of a catalog (design 09 §4.1). */
export interface DriftRules<Entry> {
  /** The compared members, in this order, without those that identify it. */
  readonly fields: readonly (keyof Entry & string)[];
  readonly severities: Severities;
}

/** The severity of a missing, an extra and a changed object. */
export interface Severities {
  readonly missing: Severity;
  readonly extra: Severity;
  /** Severity of an extra object in a schema that the expected catalog does not have; defaults to `extra`. */
  readonly extraElsewhere?: Severity;
  readonly changed: Severity;
  /** Members with a severity of their own: a change does not alter what the database accepts or does. */
  readonly byField?: Readonly<Record<string, Severity>>;
}

/** The severities of an object without which the database does not do what it should, or with which it does something else. */
export const alwaysError: Severities = { missing: 'error', extra: 'error', changed: 'error' };
