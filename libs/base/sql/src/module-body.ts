const space = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[^]*?\*/)`;
const part = String.raw`(?:\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+"|[\p{L}_@#][\p{L}\p{N}_@#$]*)`;
const header = new RegExp(
  `^${space}*(?:CREATE|ALTER)${space}+(?:OR${space}+ALTER${space}+)?(?:TRIGGER|VIEW|FUNCTION|PROCEDURE|PROC)${space}+${part}(?:${space}*\\.${space}*${part})*`,
  'iu',
);

/** The text of a module after its name: the server may store the text before that in another form (design 09a §1.5). */
export function moduleBody(definition: string): string {
  return definition.slice(header.exec(definition)?.[0].length ?? 0).trim();
}
