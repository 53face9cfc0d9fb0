export { alignedLines } from './aligned-lines.ts';
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
export { markdownCell, markdownCode } from './markdown-cell.ts';
export { mostShown } from './most-shown.ts';
export {
  formatDiagnostic,
  type Paint,
  printable,
  printableColumns,
  printableJson,
  printableLines,
  severityOf,
} from './print.ts';
export { type RowPlace, rowText } from './row-place.ts';
export { redactedDiagnostic, withoutSecrets } from './without-secrets.ts';
