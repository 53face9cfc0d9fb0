import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { type DialectRules, type ExceededLimit, engineLimits, isRefused } from '@dms/sql';

/** The place at which a limit of an engine is exceeded. */
export interface LimitPlace {
  /** `Project:Resource`. */
  readonly label: string;
  readonly path: string;
  /** The thing that exceeds the limit, as the subject of a sentence. */
  readonly subject: string;
  /** Further details of the diagnostic. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The diagnostic `TABLE_LIMIT_EXCEEDED`, or `TABLE_LIMIT_POSSIBLE` if the engine refuses only some rows (design 02
 * §19); `text` follows the subject.
 */
export function limitFinding(rules: DialectRules, found: ExceededLimit, place: LimitPlace, text: string): Diagnostic {
  const { count, most, limit } = found;
  const { label, path, subject, facts } = place;
  const details = {
    dialect: rules.name,
    what: engineLimits[limit].what,
    count,
    limit: most,
    excess: count - most,
    ...facts,
  };
  const code = isRefused(found) ? 'TABLE_LIMIT_EXCEEDED' : 'TABLE_LIMIT_POSSIBLE';
  return diagnostic(code, `${label}: ${subject} ${text}.`, { resource: label, path }, details);
}

/** Text such as `12 more than the 1024 that mssql allows`. */
export const moreThanLimit = ({ name }: DialectRules, { count, most }: ExceededLimit, verb = 'allows'): string =>
  `${count - most} more than the ${most} that ${name} ${verb}`;
