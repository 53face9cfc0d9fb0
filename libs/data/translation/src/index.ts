export { type CompiledTranslation, compileTranslation, type TranslationCheck } from './compile/compile-translation.ts';
export type { Problem } from './file/problem.ts';
export type { TranslationJson } from './file/read-translation.ts';
export { isWithin, type PlaceName, pathName, placeName, placeNotation } from './places/place-name.ts';
export { type SetPlaces, setPlaces } from './places/set-places.ts';
export type { TranslationReport } from './report/translation-report.ts';
export type { EarlierDocument, LaterDocument, RejectProblem } from './translate/draft.ts';
export {
  type TranslationOutcome,
  type TranslationReject,
  translateDocuments,
} from './translate/translate-documents.ts';
