export { isNowhere } from './file-access.ts';
export { fileIdentity } from './file-identity.ts';
export { fileName } from './file-name.ts';
export { forgetFolders, makeFolder } from './make-folder.ts';
export { isMountPoint, isOfMount } from './mount-point.ts';
export { closeFolder, expectEmptyFolder, type FolderInMaking, newFolder, readContents } from './new-folder.ts';
export { fileSystemError, notAFolder, outputError } from './output-error.ts';
export { removeFileIfPossible, removeFileSync } from './patient-changes.ts';
export {
  inputError,
  inputSize,
  inputStart,
  isThere,
  isUndecoded,
  readInput,
  readInputStream,
  readInputSync,
  statsAt,
  undecodedText,
} from './read-input.ts';
export { realName, realNameSync } from './real-name.ts';
export {
  expectUncancelled,
  isStagingFolder,
  removeFiles,
  replaceFiles,
} from './replace-files.ts';
export { isStillRunning, ownProcess, processStart } from './running-process.ts';
export { caselessName, otherSpelling } from './spelling-on-disk.ts';
export { inTemporaryFolder, temporaryFolder } from './temporary-folder.ts';
export { expectOutputName, expectUsableOutput, isNullDevice } from './usable-output.ts';
export type { NewFile, WrittenFile } from './write-files.ts';
export { waitForReader, writeOutput } from './write-output.ts';
export { processWide } from './writing-lock.ts';
