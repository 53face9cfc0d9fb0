export { type DiagnosticClass, type DiagnosticCode, diagnosticClasses } from './catalogue.ts';
export { codeAddress } from './code-address.ts';
export { append, DiagnosticCollector, forEachReported } from './collect.ts';
export {
  type DetailValue,
  type Diagnostic,
  type DiagnosticLocation,
  DmsError,
  diagnostic,
  fail,
  failIfAny,
} from './diagnostic.ts';
export {
  alternatives,
  capitalized,
  counted,
  formFor,
  listOfNames,
  listWith,
  meantNames,
  megabytesText,
  nearestName,
  nearNames,
  type RowPlace,
  rowText,
} from './message-text.ts';
export {
  formatDiagnostic,
  messageAtPlace,
  printable,
  printableColumns,
  printableJson,
  printableLines,
  severityOf,
} from './print.ts';
export {
  alignedText,
  firstOf,
  markdownTable,
  numberTable,
  plainLines,
  type Report,
  type ReportLine,
  type ReportPart,
  reportMarkdown,
  reportText,
  type Sentence,
  treeText,
  type Words,
} from './report.ts';
export { type Redact, redactor, Secret } from './secret.ts';
export { quotedWord, shellWord } from './shell-word.ts';
export { longestShown, mostExamples, mostShown, shortened } from './shown-limits.ts';
export { withoutSecrets } from './without-secrets.ts';
