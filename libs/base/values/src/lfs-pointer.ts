import { fail } from '@dms/diagnostics';

const pointerStart = Buffer.from('version https://git-lfs.github.com/spec/');

/** The number of bytes by which a pointer of Git LFS is recognised. */
export const pointerLength: number = pointerStart.length;

/** Throws `INPUT_LFS_POINTER` if the bytes begin like the pointer that Git LFS checks out in place of a file. */
export function expectNoPointer(bytes: Uint8Array, file: string): void {
  if (!pointerStart.equals(bytes.subarray(0, pointerLength))) return;
  fail('INPUT_LFS_POINTER', `${file} is only a pointer of Git LFS; get the file itself: git lfs pull`, { file });
}
