export { cachedByObject, once } from './computed-once.ts';
export { decodeUtf8, expectUtf8 } from './decode-utf8.ts';
export { groupBy, repeated } from './group-by.ts';
export { canonicalText, indentedText, jsonText, listText, manifestText } from './json/json-text.ts';
export {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  memberAt,
  orderedMembers,
  toJsonValue,
} from './json/json-value.ts';
export { nestingLimit, parseJson } from './json/parse-json.ts';
export {
  parseJsonBytes,
  shortenedJson,
  standInText,
  type UnreadMembers,
  unreadMember,
} from './json/parse-json-bytes.ts';
export { expectNoPointer, pointerLength } from './lfs-pointer.ts';
export { isSameText, withLineFeeds } from './line-ends.ts';
export { byName, bySchemaAndName, compareBy, compareOrdinal } from './ordinal.ts';
export { hashStart, hashStarts, hexOf, sha256, sha256Hex } from './sha256.ts';
export { comparedForm, type TextEquality } from './text-equality.ts';
export { Unions } from './unions.ts';
