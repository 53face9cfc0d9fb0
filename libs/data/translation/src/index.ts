export { type CompiledTranslation, compileTranslation, type TranslationCheck } from './compile/compile-translation.ts';
export type { Problem } from './file/problem.ts';
export type { TranslationJson } from './file/read-translation.ts';
export { translationJsonSchema } from './file/translation-format.ts';
export { isWithin, type PlaceName, pathName, placeName, placeNotation } from './places/place-name.ts';
export { type SetPlaces, setPlaces } from './places/set-places.ts';
export { problemText, rejectValue } from './report/reject-value.ts';
export { reportLines, reportValue } from './report/report-lines.ts';
export type { ResourceCounts, TranslationReport, ValueCounts } from './report/translation-report.ts';
export { shippedTranslations } from './shipped/shipped-translations.ts';
export type { DocumentOrigin, EarlierDocument, LaterDocument, RejectProblem } from './translate/draft.ts';
export type { CheckLater } from './translate/later-documents.ts';
export {
  type TranslatedDocuments,
  type TranslationOptions,
  type TranslationReject,
  translateDocuments,
} from './translate/translate-documents.ts';
