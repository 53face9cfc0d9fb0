/**
 * The bytes of a text with `\n` as line ends. Git may have checked the text out with `\r\n`; artifacts are compared and
 * hashed without the `\r` (design 06 §9). A text without it is returned as it is.
 */
export function withLineFeeds(bytes: Buffer): Buffer {
  let next = bytes.indexOf('\r\n');
  if (next < 0) return bytes;
  const kept = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let start = 0;
  while (next >= 0) {
    length += bytes.copy(kept, length, start, next);
    start = next + 1;
    next = bytes.indexOf('\r\n', start);
  }
  length += bytes.copy(kept, length, start);
  return kept.subarray(0, length);
}

/** Whether two texts are equal except for their line ends. */
export const isSameText = (one: Buffer, other: Buffer): boolean => withLineFeeds(one).equals(withLineFeeds(other));
