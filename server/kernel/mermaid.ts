/** Controls, what ends a line, and what turns the direction of writing or is not seen at all. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\s\u00AD\u200B\u2060\uFEFF]+/gu

/** A text in one line, cut with an ellipsis so that it has at most so many UTF-16 units. */
function oneLine(text: string, most: number): string {
  const line = text.toWellFormed().replaceAll(UNSEEN, ' ').trim()
  if (line.length <= most) return line
  return `${line
    .slice(0, Math.max(0, most - 1))
    .replace(/[\uD800-\uDBFF]$/u, '')
    .trimEnd()}…`
}

/**
 * A text as a label for Mermaid, quotes included: in one line, and all but letters, digits, marks and a few signs written
 * as entities, so that nothing in it can mean anything to Mermaid, or be taken for HTML.
 *
 * @param most - UTF-16 units of the text that are shown.
 */
export function mermaidLabel(text: string, most: number): string {
  const line = oneLine(text, most)
  const escaped = line.replaceAll(/[^\p{L}\p{M}\p{N} .,_/-]/gu, (sign) => `#${sign.codePointAt(0)};`)
  return `"${escaped === '' ? ' ' : escaped}"`
}
