import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  codeAddress,
  type Diagnostic,
  type DiagnosticCode,
  messageAtPlace,
  printable,
  printableLines,
  severityOf,
} from '@dms/diagnostics';
import type { Invocation, Location, Log, Notification, Result } from 'sarif';

const kinds = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** A diagnostic as a workflow command of GitHub Actions, which shows it beside its line in a pull request. */
export function githubAnnotation(entry: Diagnostic): string {
  const { file, line, column } = entry.where;
  const properties = [
    ...(file === undefined ? [] : [`file=${escapedProperty(fileInRepository(printable(file)))}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${entry.code}`,
  ];
  return `::${kinds[severityOf(entry)]} ${properties.join(',')}::${escaped(printableLines(messageAtPlace(entry)))}`;
}

const escapedProperty = (text: string) => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Path of a file in a pull request: relative to the folder in which the command was run, with `/`. */
function fileInRepository(file: string): string {
  const relative = path.relative('.', file);
  // the current folder itself has no relative path
  return (relative.startsWith('..') ? file : relative || '.').split(path.sep).join('/');
}

/** The reason why a run failed, if no diagnostic states it. */
export type Breakdown =
  | { readonly kind: 'usage'; readonly code: DiagnosticCode; readonly message: string }
  | { readonly kind: 'bug'; readonly message: string };

/** The run that made a log: the version of the program, the page with the meanings of its codes. */
interface LoggedRun {
  readonly version: string;
  readonly codesPage?: string | undefined;
  /** The file or folder that the command works on: the place of results that have none of their own. */
  readonly place?: string | undefined;
}

/**
 * Diagnostics as a log of the Static Analysis Results Interchange Format 2.1.0, which code hosts show in pull requests.
 * They refuse a log with a result that has no place, so a diagnostic without any is a notification of the run.
 */
export function sarifLog(
  diagnostics: readonly Diagnostic[],
  { version, codesPage, place }: LoggedRun,
  breakdown?: Breakdown,
): Log {
  const placed = diagnostics.map((entry) => ({ entry, file: entry.where.file ?? place }));
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const rules = codes.map((id) => ({
    id,
    ...(codesPage === undefined ? {} : { helpUri: codeAddress(codesPage, id) }),
  }));
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'dms-ddl', semanticVersion: version, rules } },
        invocations: [
          invocationOf(
            breakdown,
            placed.flatMap(({ entry, file }) => (file === undefined ? [entry] : [])),
          ),
        ],
        columnKind: 'utf16CodeUnits',
        results: placed.flatMap(({ entry, file }) => (file === undefined ? [] : [resultOf(entry, file)])),
      },
    ],
  };
}

function invocationOf(breakdown: Breakdown | undefined, ofRun: readonly Diagnostic[]): Invocation {
  const ofWork: Notification[] = ofRun.map((entry) => ({
    level: severityOf(entry),
    message: { text: messageAtPlace(entry) },
    descriptor: { id: entry.code },
  }));
  const ofUsage: Notification[] = [];
  if (breakdown?.kind === 'bug') ofWork.push({ level: 'error', message: { text: breakdown.message } });
  if (breakdown?.kind === 'usage')
    ofUsage.push({ level: 'error', message: { text: breakdown.message }, descriptor: { id: breakdown.code } });
  return {
    executionSuccessful: breakdown === undefined,
    ...(ofUsage.length > 0 && { toolConfigurationNotifications: ofUsage }),
    ...(ofWork.length > 0 && { toolExecutionNotifications: ofWork }),
  };
}

function resultOf(entry: Diagnostic, file: string): Result {
  return {
    ruleId: entry.code,
    level: severityOf(entry),
    message: { text: messageAtPlace(entry) },
    locations: [locationOf(entry, file)],
  };
}

function locationOf({ where: { line, column, resource } }: Diagnostic, file: string): Location {
  const logical = resource === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: resource, kind: 'type' }] };
  const relative = fileInRepository(file);
  const uri = path.isAbsolute(relative) ? pathToFileURL(relative).href : relativeUri(relative);
  const region =
    line === undefined ? {} : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } };
  return { physicalLocation: { artifactLocation: { uri }, ...region }, ...logical };
}

/** A relative path as a URI reference. A colon in its first part would end a scheme. */
function relativeUri(file: string): string {
  const parts = file.split('/').map((part) => encodeURIComponent(part.toWellFormed()));
  return file.split('/', 1)[0]?.includes(':') ? `./${parts.join('/')}` : parts.join('/');
}
