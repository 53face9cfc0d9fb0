import { type Grants, grantsOf, grantsText, type RightPurpose } from '@dms/databases';
import { reportingScript } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { type ReportingChoices, reportingOptions } from '../../build-steps/emit-reporting.ts';
import type { PrintedOutcome } from '../../declaring/operation.ts';
import { catalogWithViews, type DatabaseSource, databaseDesign } from '../../sources/source.ts';

interface GrantsRequest {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
  readonly role: string;
  readonly purpose: RightPurpose | undefined;
  readonly reporting: ReportingChoices;
}

/**
 * Prints the statements that give a role its rights in a database of the source, and asks no database (design 09c §1.3).
 * Throws the codes of reading the source.
 */
export async function printedGrants(
  request: GrantsRequest,
  onProgress: ((part: string) => void) | undefined,
): Promise<PrintedOutcome> {
  const grants = await grantsFor(request, onProgress);
  return { diagnostics: [], lines: () => grantsText(grants).split('\n'), value: () => ({ grants }) };
}

async function grantsFor(
  { source, dialect, role, purpose, reporting }: GrantsRequest,
  onProgress: ((part: string) => void) | undefined,
): Promise<readonly Grants[]> {
  if (purpose !== undefined) {
    const { catalog } = await databaseDesign(source, dialect, onProgress);
    // a role that can provision can also upgrade
    return grantsOf({ catalog, views: [] }, role, purpose === 'upgrade' ? 'provision' : purpose);
  }
  const { catalog, mapping, models } = await catalogWithViews(source, dialect, onProgress);
  const views = models.flatMap((model) => reportingScript(mapping, model, reportingOptions(reporting)).names);
  return grantsOf({ catalog, views }, role);
}
