/** A token of JSON after the white space before it: a text, another scalar, or a sign. */
const TOKEN =
  /[ \t\n\r]*(?:("(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))|([[\]{},:]))/uy
const SPACE = /[ \t\n\r]*/y
/** What may begin a value: `s` is a text, `v` another scalar. */
const VALUE = 'sv{['

/** What to say after "is not JSON" of a text that is not. */
export function sayBreak(text: string): string {
  const place = breakIn(text)
  if (place === undefined) return ''
  const { line, column, ends } = place
  return ends ? `: it ends too early, in line ${line}` : `: line ${line}, column ${column} is wrong`
}

/** Where a text stops being JSON, as a line and a column in characters, both from 1; nothing if it is JSON. */
export function breakIn(text: string): { line: number; column: number; ends: boolean } | undefined {
  const open: string[] = []
  let wanted = VALUE
  let at = 0
  for (;;) {
    SPACE.lastIndex = at
    const start = at + (SPACE.exec(text)?.[0].length ?? 0)
    if (start === text.length && wanted === '') return undefined
    TOKEN.lastIndex = at
    const [, string, scalar, sign] = TOKEN.exec(text) ?? []
    const kind = sign ?? (string === undefined ? (scalar === undefined ? undefined : 'v') : 's')
    if (kind === undefined || !wanted.includes(kind)) return placeOf(text, start)
    at = TOKEN.lastIndex
    const isKey = kind === 's' && !wanted.includes('v')
    wanted = isKey ? ':' : next(kind, open)
  }
}

/** What may follow; keeps what is open. */
function next(kind: string, open: string[]): string {
  if (kind === '{' || kind === '[') {
    open.push(kind)
    return kind === '{' ? 's}' : `${VALUE}]`
  }
  if (kind === ':') return VALUE
  if (kind === ',') return open.at(-1) === '{' ? 's' : VALUE
  if (kind === '}' || kind === ']') open.pop()
  const around = open.at(-1)
  if (around === undefined) return ''
  return around === '{' ? ',}' : ',]'
}

function placeOf(text: string, at: number): { line: number; column: number; ends: boolean } {
  const lines = text.slice(0, at).split(/\r\n|[\n\r]/u)
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1, ends: at === text.length }
}
