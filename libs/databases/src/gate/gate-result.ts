import type { DetailValue, DiagnosticCode } from '@dms/diagnostics';

type RefusalCode = Extract<DiagnosticCode, `GATE_${string}`>;

export type GateCode = RefusalCode | 'DB_COLLATION' | 'DB_BUILTIN_REPLACED';

/** Why a mapping set must not serve a database (design 09 §5). */
export interface GateRefusal {
  readonly code: GateCode;
  /** Names the database, what was found, and what to do. */
  readonly message: string;
  readonly details: { readonly [name: string]: DetailValue };
}

const advice: Readonly<Record<RefusalCode, string>> = {
  GATE_UNREACHABLE: 'Try again.',
  GATE_NOT_PROVISIONED: 'Provision it, then restart.',
  GATE_FINGERPRINT_MALFORMED: 'Drop the database and provision it again.',
  GATE_SCHEMA_MISMATCH:
    'Use the mapping set that it was provisioned for, or upgrade it: dms-ddl upgrade plan, then upgrade apply.',
  GATE_OTHER_GENERATION: 'Use a mapping set of its version, or a new database.',
  GATE_RESOURCE_KEYS_MISMATCH: 'Provision a new database.',
  GATE_FINGERPRINT_INCONSISTENT: 'Its resource keys are right and its fingerprint is not: provision it again.',
  GATE_RESOURCE_KEYS_UNREADABLE: 'Check the permissions of the login.',
};

export function gateRefusal(
  code: RefusalCode,
  label: string,
  finding: string,
  details: { readonly [name: string]: DetailValue } = {},
  whatToDo = advice[code],
): GateRefusal {
  const message = `${label}: ${finding}${/[.\n]$/.test(finding) ? '' : '.'} ${whatToDo}`.trimEnd();
  return { code, message, details };
}
