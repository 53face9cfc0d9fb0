import type { DetailValue, DiagnosticCode } from '@dms/diagnostics';

type RefusalCode = Extract<DiagnosticCode, `GATE_${string}`>;

export type GateCode = RefusalCode | 'DB_COLLATION';

/** Why a mapping set must not serve a database. */
export interface GateRefusal {
  readonly ok: false;
  readonly code: GateCode;
  /** Whether another attempt may end differently. */
  readonly isTransient: boolean;
  /** Names the database, what was found, and what to do. */
  readonly message: string;
  readonly details: { readonly [name: string]: DetailValue };
}

/** Answer of the gate (design 09 §5). */
export type GateResult<Set> = { readonly ok: true; readonly mappingSet: Set } | GateRefusal;

const advice: Readonly<Record<RefusalCode, string>> = {
  GATE_UNREACHABLE: 'Try again.',
  GATE_NOT_PROVISIONED: 'Provision it, then restart.',
  GATE_FINGERPRINT_MALFORMED: 'Drop the database and provision it again.',
  GATE_SCHEMA_MISMATCH: 'Use the mapping set that it was provisioned for, or a new database.',
  GATE_OTHER_GENERATION: 'Use a mapping set of its version, or a new database.',
  GATE_NO_MAPPING_SET: 'Supply the mapping pack of this schema set.',
  GATE_RESOURCE_KEYS_MISMATCH: 'Provision a new database.',
  GATE_FINGERPRINT_INCONSISTENT: 'Its resource keys are right and its fingerprint is not: provision it again.',
  GATE_RESOURCE_KEYS_UNREADABLE: 'Check the permissions of the login.',
};

export function gateRefusal(
  code: RefusalCode,
  label: string,
  finding: string,
  details: { readonly [name: string]: DetailValue } = {},
): GateRefusal {
  const message = `${label}: ${finding}${/[.\n]$/.test(finding) ? '' : '.'} ${advice[code]}`;
  return { ok: false, code, isTransient: code === 'GATE_UNREACHABLE', message, details };
}
