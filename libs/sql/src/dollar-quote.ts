/**
 * A PostgreSQL dollar tag that does not occur in `body`: `first` if free, else `$dms$`, `$dms1$`, … A body that
 * contains its own tag would end early, and a project or resource name can contain any text (design 06 §3.1).
 */
export function dollarTag(body: string, first = '$$'): string {
  if (!body.includes(first)) return first;
  for (let number = 0; ; number += 1) {
    const tag = number === 0 ? '$dms$' : `$dms${number}$`;
    if (!body.includes(tag)) return tag;
  }
}
