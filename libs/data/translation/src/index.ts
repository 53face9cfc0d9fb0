export {
  type CompiledResource,
  type Part,
  positionsOf,
  type Route,
} from './compile/compile-resource.ts';
export { type CompiledTranslation, compileTranslation } from './compile/compile-translation.ts';
export { type ConversionKind, type LaterValue, laterDescriptor } from './compile/conversion.ts';
export { type LaterNames, laterNames } from './compile/later-names.ts';
export type { NewIdentity } from './compile/new-identity.ts';
export type { Problem } from './file/problem.ts';
export type { TranslationJson } from './file/read-translation.ts';
export type { Drop } from './file/translation.ts';
export {
  depthOf,
  objectsAround,
  outerPath,
  type PlaceName,
  pathName,
  placeName,
  placeNotation,
  placeText,
} from './places/place-name.ts';
export { type Place, type ResourcePlaces, type SetPlaces, setPlaces } from './places/set-places.ts';
export { problemText, rejectValue } from './report/reject-value.ts';
export { reportLines, reportValue } from './report/report-lines.ts';
export type { ResourceCounts, TranslationReport } from './report/translation-report.ts';
export { type RuleIndex, unchangedRule } from './rules/rule-index.ts';
export { fittingTranslations, shippedTranslations } from './shipped/shipped-translations.ts';
export type { RejectsOfSource, TranslationReject } from './store/reject-file.ts';
export type { EarlierDocument, LaterDocument } from './translate/draft.ts';
export type { CheckLater } from './translate/later-documents.ts';
export {
  type RestOfDocuments,
  type TranslateDocumentsOptions,
  type TranslatedDocuments,
  translateDocuments,
} from './translate/translate-documents.ts';
