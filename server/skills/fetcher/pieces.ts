/** Elements within each other. The parser takes time by their square, and real pages have some thirty. */
const DEPTH_MAX = 200
/** Those that write something before every line within them: ten thousand lines within a hundred are a million times that. */
const INDENTING = new Set(['ul', 'ol', 'blockquote'])
const INDENTS_MAX = 4

/**
 * A page in pieces of which none is nested deeper than is quickly read; nearly every page is one. A piece begins with
 * the element that would be too deep, as if all around it had ended, so that no word is lost.
 */
export async function piecesOf(html: string): Promise<string[]> {
  const { Parser } = await import('htmlparser2')
  const pieces: string[] = []
  for (let rest = html; rest !== ''; rest = rest.slice(pieces.at(-1)?.length)) {
    let end = rest.length
    let [depth, indents] = [0, 0]
    const parser = new Parser({
      onopentagname: (name) => {
        depth += 1
        if (INDENTING.has(name)) indents += 1
        if (depth <= DEPTH_MAX && indents <= INDENTS_MAX) return
        end = parser.startIndex
        parser.pause()
      },
      onclosetag: (name) => {
        depth -= 1
        if (INDENTING.has(name)) indents -= 1
      },
    })
    parser.write(rest)
    pieces.push(rest.slice(0, end))
  }
  return pieces
}
