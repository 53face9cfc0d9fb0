import { resourceLabel } from '@dms/api-schema';
import { type DetailValue, type DiagnosticCode, fail } from '@dms/diagnostics';
import type { DbTableName, QualifiedResourceName, Table } from '@dms/model';

export const tableText = ({ schema, name }: DbTableName) => `${schema}.${name}`;

/** What a check of a plan names in its messages. */
export interface PlanSubject {
  readonly resource: QualifiedResourceName;
  readonly operation: 'read' | 'write';
}

/** Throws a plan diagnostic about a resource; the message starts with its label and ends with `note` where one is given. */
export function failPlan(
  code: DiagnosticCode,
  { resource, operation }: PlanSubject,
  text: string,
  details: { readonly [name: string]: DetailValue } = {},
  note = '',
): never {
  const label = resourceLabel(resource);
  fail(
    code,
    `${label}: cannot compile the ${operation} plan: ${text}.${note}`,
    { resource: label },
    { resource: label, operation, ...details },
  );
}

/** The same about a table, and a column of it where one is given. */
export function failTable(
  code: DiagnosticCode,
  subject: PlanSubject,
  { table }: Pick<Table, 'table'>,
  text: string,
  details: { readonly [name: string]: DetailValue } = {},
  note = '',
): never {
  failPlan(code, subject, `table ${tableText(table)}: ${text}`, { table: tableText(table), ...details }, note);
}
