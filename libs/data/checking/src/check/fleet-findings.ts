import type { CatalogDifference, CatalogValue, Severity } from '@dms/catalog';
import { counted, printable } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { compareBy, groupBy } from '@dms/values';

/** The differences that were found in one database. */
export interface DriftOfDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly differences: readonly CatalogDifference[];
}

/** The number of databases with a certain value of a label that have a finding. */
interface LabelShare {
  readonly label: string;
  readonly value: string;
  readonly found: number;
  readonly of: number;
}

/** A difference, and all databases that have it. */
interface FleetFinding extends CatalogDifference {
  /** The names of the databases, in the order of the fleet. */
  readonly databases: readonly string[];
  /**
   * For each label that separates the affected databases from the others: the shares of its values, without shares of
   * 0.
   */
  readonly shares: readonly LabelShare[];
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * The differences of many databases, equal ones as one finding (design 18 §5): errors first, then warnings; among
 * these, findings of more databases first; then by path.
 */
export function fleetFindings(databases: readonly DriftOfDatabase[]): readonly FleetFinding[] {
  const found = databases.flatMap(({ name, differences }) => differences.map((difference) => ({ name, difference })));
  return [...groupBy(found, ({ difference }) => keyOf(difference))]
    .flatMap(([key, group]): { readonly key: string; readonly finding: FleetFinding }[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { because: _, ...difference } = first.difference;
      const names = group.map(({ name }) => name);
      return [{ key, finding: { ...difference, databases: names, shares: sharesOf(new Set(names), databases) } }];
    })
    .sort(
      (left, right) =>
        severities.indexOf(left.finding.severity) - severities.indexOf(right.finding.severity) ||
        right.finding.databases.length - left.finding.databases.length ||
        compareBy(({ key }: { readonly key: string }) => key)(left, right),
    )
    .map(({ finding }) => finding);
}

/** The key that equal differences share: all members except the guess about a renaming. */
function keyOf({ object, path, change, field, expected, actual, severity }: CatalogDifference): string {
  return JSON.stringify([severity, object, path, change, field ?? null, expected ?? null, actual ?? null]);
}

/** The shares of each label whose values have different shares of the finding. */
function sharesOf(having: ReadonlySet<string>, databases: readonly DriftOfDatabase[]): LabelShare[] {
  const labels = [...new Set(databases.flatMap((database) => Object.keys(database.labels)))].sort();
  return labels.flatMap((label) => {
    const groups = groupBy(
      databases.filter((database) => database.labels[label] !== undefined),
      ({ labels: own }) => mustExist(own[label], `the label ${label}`),
    );
    const shares = [...groups]
      .map(([value, group]) => ({
        label,
        value,
        of: group.length,
        found: group.filter(({ name }) => having.has(name)).length,
      }))
      .sort(compareBy(({ value }) => value));
    // if every database has its own value, the label says no more than the names; if all shares are equal, it says
    // nothing
    const tells = shares.some((share) => share.of > 1) && new Set(shares.map(({ found, of }) => found / of)).size > 1;
    return tells ? shares.filter(({ found }) => found > 0) : [];
  });
}
const namesShown = 5;

/** At most five names, and the number of the others. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown}, … (${names.length} in all)` : shown;
}

/** The findings for people: at most 200 lines unless all are requested. */
export function fleetFindingLines(findings: readonly FleetFinding[], { all = false } = {}): string[] {
  const body = findings.flatMap(lines);
  const longest = all ? body.length : 200;
  const rest = body.length > longest ? [`… and ${counted(body.length - longest, 'more line')}; --all prints them`] : [];
  return [...body.slice(0, longest), ...rest];
}

function lines(finding: FleetFinding): string[] {
  const shares = [...groupBy(finding.shares, ({ label }) => label)].map(([label, group]) => {
    const parts = group.map(({ value, found, of }) => `${printable(value)} (${found} of ${of})`);
    return `  by ${label}: ${parts.join(', ')}`;
  });
  return [`${finding.severity}: ${sentence(finding)}`, `  ${namesText(finding.databases)}`, ...shares];
}

function sentence({ object, path, change, field, expected, actual, databases }: FleetFinding): string {
  const isOne = databases.length === 1;
  const thing = `${words(object)} ${printable(path.join('.'))}`;
  const who = counted(databases.length, 'database');
  if (change === 'missing') return `${who} ${isOne ? 'lacks' : 'lack'} ${thing}`;
  if (change === 'extra') return `${who} ${isOne ? 'has' : 'have'} ${thing}, which the schema set does not make`;
  const verb = isOne ? 'differs' : 'differ';
  // both lists would be cut before the first difference
  if (object === 'columnOrder') return `${who} ${verb} in the order of the columns of ${printable(path.join('.'))}`;
  const where = field === undefined ? thing : `${words(field)} of ${thing}`;
  return `${who} ${verb} in ${where}: ${valueText(actual)} in place of ${valueText(expected)}`;
}

const words = (kind: string) => kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const longestValue = 80;

function valueText(value: CatalogValue | undefined): string {
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value ?? null));
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
