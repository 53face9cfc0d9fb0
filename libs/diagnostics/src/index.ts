export { alternatives, listOfNames, meantNames, nearestName, nearNames } from './alternatives.ts';
export { append } from './append.ts';
export { type DiagnosticClass, type DiagnosticCode, diagnosticClasses } from './catalogue.ts';
export { codeAddress } from './code-address.ts';
export { DiagnosticCollector, forEachReported } from './collect.ts';
export { counted, formFor } from './counted.ts';
export {
  type DetailValue,
  type Diagnostic,
  type DiagnosticLocation,
  DmsError,
  diagnostic,
  fail,
  failIfAny,
} from './diagnostic.ts';
export { hideSecrets, type Redact, redactor, Secret, secretHider } from './hide-secrets.ts';
export { mostShown } from './most-shown.ts';
export {
  formatDiagnostic,
  messageAtPlace,
  type Paint,
  printable,
  printableColumns,
  printableJson,
  printableLines,
  severityOf,
} from './print.ts';
export { markdownTable, reportMarkdown } from './report/markdown.ts';
export {
  firstOf,
  plainLines,
  type Report,
  type ReportLine,
  type ReportPart,
  type Sentence,
  type Words,
} from './report/report.ts';
export { alignedText, numberTable, reportText, treeText } from './report/text.ts';
export { type RowPlace, rowText } from './row-place.ts';
export { redactedDiagnostic, withoutSecrets } from './without-secrets.ts';
