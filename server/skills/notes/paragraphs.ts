const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])\s+/

/** Splits a text into its paragraphs, and one that is a list into its points. Line breaks inside become spaces. */
export function paragraphs(text: string): string[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .flatMap((block) => points(block.split('\n').filter((line) => line.trim() !== '')))
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
}

/** A point goes on over the lines after it that begin none; lines before the first point are a paragraph. */
function points(lines: readonly string[]): string[] {
  const found: string[] = []
  for (const line of lines) {
    if (found.length === 0 || BULLET.test(line)) found.push(line.replace(BULLET, ''))
    else found.push(`${found.pop() ?? ''} ${line}`)
  }
  return found
}
