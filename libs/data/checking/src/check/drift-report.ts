import { diffText, originLines } from '@dms/catalog';
import { counted, severityOf } from '@dms/diagnostics';
import { listText } from '@dms/values';
import { dataLines } from '../derived-rows/data-finding.ts';
import type { Drift } from './compare-database.ts';
import { preparationLines, preparationValue, reportingLine, reportingValue } from './database-state.ts';

/** The lines for people; with `all` every difference, otherwise at most 200. */
export function driftLines(drift: Drift, { all = false } = {}): string[] {
  const { catalog, diff, gate, isStrange, reporting, earlierReporting, preparation, data, documents, failures } = drift;
  const which = documents === 0 ? ' (no documents)' : '';
  const rows =
    data === null
      ? []
      : [`Rows: ${data.length === 0 ? 'ok' : counted(data.length, 'difference')}${which}`, ...dataLines(data)];
  const result = failures.length === 0 ? 'passed' : 'failed';
  const views = [reporting, earlierReporting].flatMap((state) => (state === null ? [] : [reportingLine(state)]));
  const prepared = preparation === null ? [] : preparationLines(preparation);
  const differences = isStrange ? [] : [...diffText(catalog, diff, { all }).split('\n'), ...originLines(drift)];
  return [...differences, ...views, ...prepared, ...rows, `Gate: ${gate}`, `Check: ${result}`];
}

/** The form for machines, as JSON and in the file of a report: one line per difference. */
export function driftMembers(drift: Drift) {
  const {
    dialect,
    effectiveSchemaHash,
    maker,
    leftovers,
    diff,
    gate,
    reporting,
    earlierReporting,
    preparation,
    data,
    documents,
    failures,
    diagnostics,
  } = drift;
  const reported = [...failures, ...diagnostics].map((entry) => {
    return { code: entry.code, severity: severityOf(entry), message: entry.message, where: entry.where };
  });
  return {
    dialect,
    effective_schema_hash: effectiveSchemaHash,
    result: failures.length === 0 ? 'passed' : 'failed',
    gate,
    maker: maker.kind,
    leftovers,
    differences: diff.differences,
    renames: diff.renames,
    ...(reporting === null ? {} : { reporting: reportingValue(reporting) }),
    ...(earlierReporting === null ? {} : { earlier_reporting: reportingValue(earlierReporting) }),
    ...(preparation === null ? {} : { preparation: preparationValue(preparation) }),
    ...(data === null ? {} : { data, documents }),
    diagnostics: reported,
  };
}

/** The file of a report. */
export function driftText(drift: Drift): string {
  return listText({ check_format: 1, ...driftMembers(drift) });
}
