export { canonicalText } from './canonical-text.ts';
export { decodeUtf8, expectUtf8 } from './decode-utf8.ts';
export { isNowhere } from './file-access.ts';
export { fileName } from './file-name.ts';
export { groupBy } from './group-by.ts';
export { indentedText } from './indented-text.ts';
export { jsonText } from './json-text.ts';
export {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  orderedMembers,
  toJsonValue,
} from './json-value.ts';
export { forgetFolders, makeFolder } from './make-folder.ts';
export { listText, manifestText } from './manifest-text.ts';
export { closeFolder, contentsOf, type NewFolder, newFolder } from './new-folder.ts';
export { compareBy, compareOrdinal } from './ordinal.ts';
export { fileSystemError, notAFolder, outputError } from './output-error.ts';
export { parseJson } from './parse-json.ts';
export { piecesOf } from './pieces-of.ts';
export { inputError, inputSize, isThere, readInput, readInputStream, readInputSync, statsAt } from './read-input.ts';
export { repeated } from './repeated.ts';
export { isStagingFolder, type Replacement, removeFiles, replaceFiles } from './replace-files.ts';
export { isRunning, processWide } from './running-process.ts';
export { hashStart, sha256, sha256Hex } from './sha256.ts';
export { temporaryFolder } from './temporary-folder.ts';
export type { NewFile, WrittenFile } from './write-files.ts';
export { waitForReader, writeOutput } from './write-output.ts';
