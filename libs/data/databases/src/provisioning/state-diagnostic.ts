import { counted, type Diagnostic, diagnostic, formFor } from '@dms/diagnostics';
import { core, coreSchema, qualified } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import { hashStarts } from '@dms/values';
import type { Connection } from '../drivers/connection.ts';
import { differenceTexts } from '../fingerprint/fingerprint-differences.ts';
import { unseededAdvice, unseededText } from '../fingerprint/unseeded.ts';
import type { DatabaseState, ObjectCount } from './database-state.ts';

/** Why a database in this state is not provisioned; null for states in which it may be (design 09 §2.4). */
export function stateDiagnostic(
  state: DatabaseState,
  { label, dialect }: Pick<Connection, 'label' | 'dialect'>,
): Diagnostic | null {
  switch (state.kind) {
    case 'empty':
    case 'foreign':
    case 'same':
      return null;
    case 'occupied': {
      const found = objectsText(state.objects);
      const text = `${label}: its schemas contain objects that dms did not create (${found}). Choose an empty database, or remove them.`;
      return diagnostic('PROVISION_OCCUPIED', text, {}, { objects: found });
    }
    case 'partial': {
      const tables = state.missingTables.map((name) =>
        qualifiedName(dialectRules[dialect], { schema: coreSchema, name }),
      );
      const text = `${label}: partial or corrupt provisioning state: ${partialText(state, tables)}. ${recreate}`;
      return diagnostic('PROVISION_PARTIAL_STATE', text, {}, { missing: tables });
    }
    case 'malformed': {
      const text = `${label}: ${lead} ${state.findings.join('; ')} ${recreate}`;
      return diagnostic('PROVISION_FINGERPRINT_INVALID', text, {}, { issues: state.findings });
    }
    case 'different': {
      const { stored, expected, projects } = state;
      const versions = projects.length === 0 ? '' : ` (${projects.join(', ')})`;
      const [own, wanted] = hashStarts(stored, expected);
      const text = `${label}: the database has another schema set${versions}. ${upgradeAdvice} Its schema hash is ${own}, and that of this set ${wanted}.`;
      return diagnostic('PROVISION_FINGERPRINT_MISMATCH', text, {}, { stored, expected, projects });
    }
    case 'otherGeneration': {
      const { stored, expected, finding, whatToDo } = state;
      const text = `${label}: the database ${finding}, and this schema set is for ${expected}. ${whatToDo}`;
      return diagnostic('PROVISION_OTHER_GENERATION', text, {}, { stored, expected });
    }
    case 'tampered': {
      const text = `${label}: ${lead} ${differenceTexts(state.differences).join('; ')}. ${recreate}`;
      const differences = differenceTexts(state.differences, 'whole');
      return diagnostic('PROVISION_FINGERPRINT_MISMATCH', text, {}, { differences, projects: [] });
    }
    case 'unseeded':
      return diagnostic('PROVISION_UNSEEDED', `${label}: ${unseededText} ${unseededAdvice}`);
    case 'seedsDiffer':
      return diagnostic(
        'PROVISION_SEED_MISMATCH',
        `${label}: ${state.report}\n${recreate}`,
        {},
        { report: state.report },
      );
  }
}

function partialText(state: Extract<DatabaseState, { kind: 'partial' }>, tables: readonly string[]): string {
  switch (state.reason) {
    case 'tables':
      return `${tables.join(' and ')} ${formFor(tables.length, 'is', 'are')} missing although ${qualified(core.effectiveSchema)} exists`;
    case 'columns':
      return 'core tables have other columns than they should';
    case 'row':
      return `dms.${state.table} has no row`;
  }
}

/** Objects as text: `edfi: 2 tables, 1 view; public: 1 table`. */
export function objectsText(objects: readonly ObjectCount[]): string {
  const bySchema = new Map<string, string[]>();
  for (const count of objects) bySchema.set(count.schema, [...(bySchema.get(count.schema) ?? []), plural(count)]);
  return [...bySchema].map(([schema, counts]) => `${schema}: ${counts.join(', ')}`).join('; ');
}

const plural = ({ n, kind }: ObjectCount) => counted(n, kind);

const lead = `${qualified(core.effectiveSchema)} validation failed:`;
/** The advice for a database of another schema set. */
const upgradeAdvice =
  'dms-ddl upgrade plan says what an upgrade would change, and dms-ddl upgrade apply makes it: --before names the artifacts of its set, --after those of this one.';

const recreate = 'Drop the database, create it again and provision it.';
